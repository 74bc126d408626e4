defmodule Gauge.MixProject do
  use Mix.Project

  def project do
    [
      app: :gauge,
      version: "1.3.0",
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      elixir: "~> 1.14",
      deps: []
    ]
  end

  def application do
    [mod: {Gauge.Application, []}, extra_applications: [:logger]]
  end
end
