import Config
config :store, port: String.to_integer(System.get_env("STORE_PORT", "4000")), env_at_start: config_env()
