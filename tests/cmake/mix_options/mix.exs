# A release for each way in which an option can be wrong, or be what BeamRelease does not do.
defmodule Options.MixProject do
  use Mix.Project

  def project do
    [
      app: :options,
      version: "1.0.0",
      releases: [
        secret: [cookie: "abc"],
        elsewhere: [path: "/opt/options"],
        windows: [include_executables_for: [:windows]],
        nobody: [include_executables_for: []],
        small: [strip_beams: [keep: ["Docs"], compress: true]],
        stepping: [steps: [:assemble, &Function.identity/1, :tar]],
        several: [cookie: "abc", path: "/opt/several"],
        baked: [rel_templates_path: "bad_rel"],
        named: [rel_templates_path: "named_rel"],
        evaluated: [rel_templates_path: "faulty_rel"],
        overlaid: [overlays: ["no_such_folder"]],
        configured: [runtime_config_path: "config/no_such.exs"],
        booting: [steps: [&Options.MixProject.more_boot/1, :assemble]],
        weak: [applications: [options: :permanent, crypto: :load]],
        unknown: [applications: [no_such_application: :permanent]],
        versionless: [version: ""]
      ]
    ]
  end

  def application, do: [extra_applications: [:crypto]]

  def more_boot(release), do: put_in(release.boot_scripts[:other], release.boot_scripts.start)
end
