defmodule Spell.MixProject do
  use Mix.Project

  def project do
    [
      app: :spell,
      version: "1.0.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: []
    ]
  end

  # `distance` is built by the CMakeLists.txt above this folder.
  def application do
    [mod: {Spell.Application, []}, extra_applications: [:logger, :distance]]
  end
end
