import Config

config :gauge, keep: 100
config :gauge_poller, sensor: "sensor.txt", interval: 1_000
config :gauge_web, address: {127, 0, 0, 1}, port: 4001

config :logger, level: if(config_env() == :test, do: :warning, else: :info)

if config_env() == :test do
  config :gauge_web, port: 0
  config :gauge_poller, interval: :infinity
end
