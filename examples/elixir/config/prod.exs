import Config

# No secret here: config/runtime.exs reads it where the release runs.
config :parcel, address: {0, 0, 0, 0}
config :logger, level: :info
