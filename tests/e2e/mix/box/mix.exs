defmodule Box.MixProject do
  use Mix.Project
  def project, do: [app: :box, version: "2.0.0", deps: [{:nowhere, path: "../nowhere", optional: true}]]
  def application, do: [optional_applications: [:nowhere]]
end
