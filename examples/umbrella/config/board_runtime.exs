# Of the release `board`.
import Config

token =
  System.get_env("GAUGE_TOKEN") ||
    raise "the environment variable GAUGE_TOKEN is missing: who sends readings must know it"

config :gauge_web,
  address: {0, 0, 0, 0},
  port: String.to_integer(System.get_env("GAUGE_PORT", "4002")),
  token: token
