defmodule GaugePoller.MixProject do
  use Mix.Project

  def project do
    [
      app: :gauge_poller,
      version: "1.3.0",
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      elixir: "~> 1.14",
      deps: [{:gauge, in_umbrella: true}]
    ]
  end

  def application do
    [mod: {GaugePoller.Application, []}, extra_applications: [:logger]]
  end
end
