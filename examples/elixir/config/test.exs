import Config

config :parcel, port: 0, secret: "for tests only"
config :logger, level: :warning
