defmodule Gauges.MixProject do
  use Mix.Project

  def project do
    [
      apps_path: "apps",
      start_permanent: Mix.env() == :prod,
      deps: [],
      releases: [station: station(), board: board()],
      default_release: :station
    ]
  end

  # Beside the sensor: polls it, keeps what it read, shows it.
  defp station do
    [
      version: {:from_app, :gauge},
      applications: [gauge_poller: :permanent, gauge_web: :permanent, runtime_tools: :load],
      include_executables_for: [:unix]
    ]
  end

  # On the wall: shows what others send. Without the poller, with documentation for `remote`.
  defp board do
    [
      version: "2.1.0",
      applications: [gauge: :permanent, gauge_web: :transient],
      include_executables_for: [:unix],
      runtime_config_path: "config/board_runtime.exs",
      rel_templates_path: "rel/templates/board",
      overlays: ["rel/board"],
      strip_beams: [keep: ["Docs"]]
    ]
  end
end
