import Config
config :calc, size: 1
