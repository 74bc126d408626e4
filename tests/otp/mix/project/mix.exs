defmodule Trade.MixProject do
  use Mix.Project

  def project do
    [
      app: :trade,
      version: "0.3.0",
      releases: [
        trade: [
          applications: [runtime_tools: :load, logger: :transient],
          config_providers: [{Trade.Provider, "/etc/trade"}],
          reboot_system_after_config: true,
          prune_runtime_sys_config_after_boot: true,
          include_executables_for: [:unix]
        ]
      ]
    ]
  end

  def application, do: [extra_applications: [:logger, :eex, :crypto], mod: {Trade, []}]
end
