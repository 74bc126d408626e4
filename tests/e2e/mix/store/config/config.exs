import Config
config :store, colour: :red, env: config_env(), "weird key": "täxt"
config :shelf, deep: [answer: 42]
import_config "#{config_env()}.exs"
