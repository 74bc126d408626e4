import Config

config :parcel, secret: "for development only"
