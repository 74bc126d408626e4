import Config
config :store, special: true
