import Config

config :ledger, port: 4050, currency: "EUR"
config :logger, level: :notice
