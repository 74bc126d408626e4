import Config

config :trade, home: System.get_env("HOME")
