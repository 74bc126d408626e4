defmodule Demo.MixProject do
  use Mix.Project

  def project do
    [app: :demo, version: "1.0.0", deps: [], start_permanent: true, releases: releases()]
  end

  def application, do: [extra_applications: [:logger], mod: {Demo, []}]

  defp releases do
    reboot = [include_executables_for: [:unix], reboot_system_after_config: true]

    [
      plain: [include_executables_for: [:unix]],
      reboot: reboot,
      prune:
        reboot ++
          [prune_runtime_sys_config_after_boot: true, start_distribution_during_config: true]
    ]
  end
end
