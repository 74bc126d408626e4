import Config

config :ledger, port: 4050
config :logger, level: :notice
