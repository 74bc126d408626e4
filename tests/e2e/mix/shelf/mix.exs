defmodule Shelf.MixProject do
  use Mix.Project
  def project, do: [app: :shelf, version: "0.9.1", deps: [{:box, path: "../box"}]]
  def application, do: [extra_applications: [:crypto], included_applications: [:box]]
end
