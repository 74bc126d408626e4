defmodule Plus.MixProject do
  use Mix.Project
  def project, do: [app: :plus, version: "1.0.0"]
end
