import Config

config :trade, rates: [eur: 2], names: ["Åse", 'Åse'], half: 0.5, more: %{a: {1, nil}}
config :elixir, ansi_enabled: false
config :kernel, net_ticktime: 30
config :logger, level: :warning
