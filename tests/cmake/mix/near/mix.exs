defmodule Near.MixProject do
  use Mix.Project
  def project, do: [app: :near, version: "0.1.0"]
end
