# Read at every start, and by every upgrade, before anything changes.
import Config

if port = System.get_env("LEDGER_PORT") do
  config :ledger, port: String.to_integer(port)
end

if currency = System.get_env("LEDGER_CURRENCY") do
  config :ledger, currency: currency
end
