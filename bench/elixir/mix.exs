defmodule Bench.MixProject do
  use Mix.Project

  # The release that release.yaml describes, as mix makes it.
  def project do
    [
      app: :bench,
      version: "1.0.0",
      releases: [
        bench: [applications: [sasl: :permanent], include_executables_for: [:unix]],
        tar: [applications: [sasl: :permanent], include_executables_for: [:unix], steps: [:assemble, :tar]]
      ]
    ]
  end

  def application do
    [extra_applications: [:crypto, :ssl, :inets, :logger], mod: {Bench, []}]
  end
end
