defmodule Ledger.MixProject do
  use Mix.Project

  def project do
    [
      app: :ledger,
      version: "1.1.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: [],
      releases: [ledger: [include_executables_for: [:unix]]]
    ]
  end

  # sasl has the release_handler of OTP.
  def application do
    [mod: {Ledger.Application, []}, extra_applications: [:logger, :sasl]]
  end
end
