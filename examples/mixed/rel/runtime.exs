import Config

# The application is Erlang's; how it is configured is not its business.
if port = System.get_env("SPELL_PORT") do
  config :spell_web, port: String.to_integer(port)
end
