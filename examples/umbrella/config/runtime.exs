# Of the release `station`, and of `mix run`.
import Config

if config_env() == :prod do
  sensor =
    System.get_env("GAUGE_SENSOR") ||
      raise "the environment variable GAUGE_SENSOR is missing: the file that the sensor writes"

  config :gauge_poller,
    sensor: sensor,
    interval: String.to_integer(System.get_env("GAUGE_INTERVAL", "1000"))

  config :gauge_web,
    address: {0, 0, 0, 0},
    port: String.to_integer(System.get_env("GAUGE_PORT", "4001"))
end
