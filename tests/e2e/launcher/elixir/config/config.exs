import Config
config :demo, x: "built"
