defmodule GaugeWeb.MixProject do
  use Mix.Project

  def project do
    [
      app: :gauge_web,
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
    [mod: {GaugeWeb.Application, []}, extra_applications: [:logger, :inets]]
  end
end
