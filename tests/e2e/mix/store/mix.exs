# A project that uses what `mix release` offers, for comparison with what it makes of it.
defmodule Store.MixProject do
  use Mix.Project

  def project do
    [
      app: :store,
      version: "0.3.0",
      elixir: "~> 1.14",
      deps: [{:shelf, path: "../shelf"}, {:absent, path: "../absent", only: :dev}],
      default_release: :store,
      releases: [
        store: [
          version: {:from_app, :shelf},
          applications: [runtime_tools: :load, box: :load],
          config_providers: [{Store.Provider, "/etc/store.txt"}],
          overlays: ["extra"],
          include_executables_for: [:unix],
          prune_runtime_sys_config_after_boot: true,
          quiet: true,
          steps: [&Store.MixProject.before/1, :assemble, :tar]
        ],
        lean: fn ->
          [
            include_erts: fn -> false end,
            runtime_config_path: false,
            rel_templates_path: "no_templates",
            strip_beams: false,
            overwrite: true
          ]
        end,
        kept: [
          version: "1.0.0-rc.1+build",
          strip_beams: [keep: ["Docs"]],
          runtime_config_path: "config/special.exs",
          reboot_system_after_config: false,
          start_distribution_during_config: true,
          validate_compile_env: false
        ],
        early: [
          reboot_system_after_config: true,
          start_distribution_during_config: true,
          include_erts: to_string(:code.root_dir()) <> "/erts-" <> to_string(:erlang.system_info(:version))
        ],
        loose: [
          applications: [store: :permanent, shelf: :load, runtime_tools: :temporary, eex: :transient],
          skip_mode_validation_for: [:store]
        ]
      ]
    ]
  end

  def application, do: [extra_applications: [:logger], mod: {Store.Application, []}]

  # A step before :assemble adds a provider.
  def before(release), do: %{release | config_providers: release.config_providers ++ [{Store.Provider, "/etc/more.txt"}]}
end
