# Read when the project is compiled and when a release of it is made.
import Config

config :parcel,
  currency: "EUR",
  address: {127, 0, 0, 1},
  port: 4000,
  tariff: %{letter: 110, box: 450, pallet: 6900, kilogram: 35}

import_config "#{config_env()}.exs"
