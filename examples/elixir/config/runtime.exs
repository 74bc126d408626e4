# Read at every start, in a release too, before any application of ours is started.
import Config

if config_env() == :prod do
  secret = System.get_env("PARCEL_SECRET", "")

  if byte_size(secret) < 16 do
    raise """
    the environment variable PARCEL_SECRET is missing, or shorter than 16 characters.
    Quotes are signed with it. To make one: openssl rand -hex 32
    """
  end

  port =
    case Integer.parse(System.get_env("PARCEL_PORT", "")) do
      {port, ""} when port in 0..65535 ->
        port

      _ ->
        raise "the environment variable PARCEL_PORT is not the number of a port: " <>
                inspect(System.get_env("PARCEL_PORT"))
    end

  config :parcel, secret: secret, port: port
end
