import Config
config :store, level: :development
