defmodule Parcel.MixProject do
  use Mix.Project

  def project do
    [
      app: :parcel,
      version: "1.0.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: [],
      releases: releases()
    ]
  end

  def application do
    [mod: {Parcel.Application, []}, extra_applications: [:logger, :crypto]]
  end

  defp releases do
    [
      parcel: [
        applications: [runtime_tools: :permanent],
        include_executables_for: [:unix],
        config_providers: [
          {Parcel.TariffProvider, {:system, "RELEASE_ROOT", "/etc/tariff.txt"}}
        ],
        steps: [:assemble, :tar]
      ]
    ]
  end
end
