import Config
config :store, level: :production
