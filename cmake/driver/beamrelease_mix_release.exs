# Describes releases that mix.exs declares as specs of beamrel. Mix itself says what is in them.
defmodule BeamRelease.Mix.Release do
  alias BeamRelease.Mix.{Files, Manifest, Options}

  # What else was read, for the depfile.
  def describe(facts) do
    wanted = Manifest.all(facts, :release)
    folder = Manifest.one(facts, :releases_dir)
    for name <- File.ls!(folder), Path.rootname(name) not in wanted, do: File.rm_rf!(Path.join(folder, name))

    if wanted != [] do
      # systools, templates
      Files.need(:sasl)
      Files.need(:eex)
      all(Enum.map(wanted, &describe_or_fault(&1, folder, facts)))
    else
      []
    end
  end

  # The faults of all releases are told at once.
  defp all(results) do
    case for {:fault, message} <- results, do: message do
      [] -> for {:ok, read} <- results, path <- read, do: path
      messages -> messages |> Enum.uniq() |> Enum.join("\n** (Mix) ") |> Mix.raise()
    end
  end

  defp describe_or_fault(wanted, folder, facts) do
    {:ok, describe(wanted, folder, facts)}
  rescue
    error in Mix.Error -> {:fault, String.trim_trailing(error.message)}
  end

  # `wanted` is NAME or NAME@VERSION; the version is part of what a release says about itself.
  defp describe(wanted, folder, facts) do
    [name | version] = String.split(wanted, "@", parts: 2)
    place = Path.join(folder, wanted)
    File.rm_rf!(place)
    config = Mix.Project.config()
    overrides = [path: place, overwrite: true] ++ for(v <- version, do: {:version, v})
    given = Options.given(name, config)
    Options.declared!(name, config)
    name = if name == "default-release", do: nil, else: String.to_atom(name)
    release = of_mix(name, fn -> Mix.Release.from_config!(name, config, overrides) end)
    Options.check!(release, given)
    release = Options.prepare(release)
    # Mix's own judgement of modes and of names.
    for {script, modes} <- release.boot_scripts do
      path = Path.join([place, "checked", "#{script}"])
      File.mkdir_p!(Path.dirname(path))
      of_mix(release.name, fn -> done!(Mix.Release.make_boot_script(release, path, modes, [])) end)
    end

    File.rm_rf!(Path.join(place, "checked"))
    # What steps before :assemble have put there belongs to the release.
    staged = Path.join(folder, wanted <> ".staged")
    File.rm_rf!(staged)
    staged? = File.dir?(place) and File.ls!(place) != []
    if staged?, do: File.rename!(place, staged), else: File.rm_rf!(place)
    {config_terms, read} = configuration(config)
    {release, runtime} = runtime(release, config)
    done!(Mix.Release.make_sys_config(release, config_terms, {:system, "RELEASE_SYS_CONFIG", ".config"}))
    files = [{:sys, Path.join(place, "sys.config")} | templates(release, place)]
    File.rename!(Path.join(release.version_path, "sys.config"), Path.join(place, "sys.config"))
    File.rm_rf!(Path.join(place, "releases"))
    if runtime, do: File.cp!(runtime, Path.join(place, "runtime.exs"))
    overlays = overlays(release, if(staged?, do: [staged], else: []))
    text = spec(release, config, facts, files, overlays, runtime && Path.join(place, "runtime.exs"))
    Files.write(Path.join(folder, wanted <> ".yaml"), text)
    read ++ List.wrap(runtime) ++ Enum.flat_map(overlays ++ [templates_path(release)], &Files.tree/1)
  end

  # Mix does not say of which release it speaks.
  defp of_mix(name, fun) do
    fun.()
  rescue
    error in Mix.Error ->
      release = if name, do: "the release #{name}", else: "the release"
      Mix.raise("#{Path.absname("mix.exs")}: #{release}: #{error.message}")
  end

  defp done!(:ok), do: :ok
  defp done!({:error, message}), do: Mix.raise(message)

  defp configuration(config) do
    path = config[:config_path]

    if File.regular?(path) do
      Config.Reader.read_imports!(path, env: Mix.env(), target: Mix.target())
    else
      {[], []}
    end
  end

  # config/runtime.exs becomes the first provider of configuration, read from the release when it starts.
  defp runtime(release, config) do
    folder = Path.dirname(config[:config_path])
    runtime = Path.join(folder, "runtime.exs")
    old = Path.join(folder, "releases.exs")

    {path, reboot?} =
      cond do
        release.options[:runtime_config_path] == false -> {nil, false}
        path = release.options[:runtime_config_path] -> {path, false}
        File.exists?(runtime) -> {runtime, false}
        File.exists?(old) -> {old, true}
        true -> {nil, false}
      end

    if path do
      File.exists?(path) || Mix.raise("runtime_config_path of the release: there is no #{Path.absname(path)}")
      place = {:system, "RELEASE_ROOT", "/releases/#{release.version}/runtime.exs"}
      provider = {Config.Reader, path: place, env: Mix.env(), target: Mix.target(), imports: :disabled}
      options = Keyword.put_new(release.options, :reboot_system_after_config, reboot?)
      {%{release | config_providers: [provider | release.config_providers], options: options}, Path.absname(path)}
    else
      {release, nil}
    end
  end

  def templates_path(release), do: Path.absname(release.options[:rel_templates_path] || "rel")

  defp templates(release, place) do
    for {key, name} <- [vm_args: "vm.args", remote_vm_args: "remote.vm.args", env: "env.sh"],
        template = Path.join(templates_path(release), name <> ".eex"),
        File.exists?(template) do
      text = evaluated(template, release)
      if key != :env, do: Options.check_flags!(text, template)
      path = Path.join(place, name)
      Files.write(path, text)
      {key, path}
    end
  end

  # What goes wrong inside a template does not say in which.
  defp evaluated(template, release) do
    EEx.eval_file(template, assigns: [release: release])
  rescue
    error -> Mix.raise("#{template} cannot be evaluated: #{Exception.message(error)}")
  end

  defp overlays(release, staged) do
    default = Path.join(templates_path(release), "overlays")
    default = if File.dir?(default), do: [default], else: []
    given = for path <- List.wrap(release.options[:overlays]), do: Path.absname(path)

    for path <- given, not File.exists?(path) do
      Mix.raise("overlays of the release #{release.name}: there is no #{path}")
    end

    staged ++ default ++ given
  end

  defp spec(release, config, facts, files, overlays, runtime) do
    [
      "# Made of #{Path.absname("mix.exs")} by the build. Changes are lost.\n",
      "release:\n",
      "  name: #{release.name}\n",
      "  version: #{text(release.version)}\n",
      runtime_system(release),
      strip(release.options[:strip_beams]),
      "  paths: [#{release |> paths(facts) |> Enum.map_join(", ", &text/1)}]\n",
      # Elixir's compiler has judged its calls already; what stands for a protocol is made by consolidation.
      "  checks: {undefined_calls: off, missing_applications: off}\n",
      "  applications:\n",
      for {app, mode} <- release.boot_scripts.start do
        "    - {name: #{text(app)}, version: #{text(release.applications[app][:vsn])}, start: #{mode}}\n"
      end,
      "  config:\n",
      for({key, path} <- files, do: "    #{key}: #{text(path)}\n"),
      if(runtime, do: "    runtime: #{text(runtime)}\n", else: []),
      elixir(release, config),
      if(overlays != [], do: "  overlays:\n", else: []),
      for(path <- overlays, do: "    - {from: #{text(path)}, to: .}\n"),
      image(release)
    ]
  end

  # In an image these applications are in a layer of their own, as they change most often.
  defp image(release) do
    apps = Map.keys(Mix.Project.apps_paths() || %{Mix.Project.config()[:app] => "."})

    case Enum.sort(for app <- apps, Map.has_key?(release.applications, app), do: text(app)) do
      [] -> []
      own -> "image:\n  own: [#{Enum.join(own, ", ")}]\n"
    end
  end

  defp elixir(release, config) do
    path = if config[:consolidate_protocols], do: Mix.Project.consolidation_path(config)
    unchecked = release.options[:skip_mode_validation_for] || []

    [
      if(path || unchecked != [], do: "  elixir:\n", else: []),
      if(path, do: "    consolidated: #{text(path)}\n", else: []),
      if(unchecked != [],
        do: "    skip_mode_validation_for: [#{Enum.map_join(unchecked, ", ", &text/1)}]\n",
        else: []
      )
    ]
  end

  defp runtime_system(%{erts_source: nil}), do: "  otp: #{text(:code.root_dir())}\n  erts: exclude\n"
  defp runtime_system(%{erts_source: path}), do: "  otp: #{text(Path.dirname(to_string(path)))}\n  erts: include\n"

  defp strip(false), do: "  strip: false\n"

  defp strip(options) when is_list(options) do
    case options[:keep] do
      nil -> []
      chunks -> "  strip: {keep: [#{Enum.map_join(chunks, ", ", &text/1)}]}\n"
    end
  end

  defp strip(_), do: []

  # Where the applications are that OTP does not have: those of the project first.
  defp paths(release, facts) do
    found =
      for {_, properties} <- release.applications, not properties[:otp_app?] do
        properties[:path] |> to_string() |> Path.dirname()
      end

    Enum.uniq([Manifest.one(facts, :lib_dir) | Enum.sort(found)])
  end

  # A string of YAML on one line; what is no text is for beamrel to report.
  defp text(value) do
    escapes = [{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", "\\n"}, {"\t", "\\t"}]
    "\"" <> Enum.reduce(escapes, to_string(value), fn {from, to}, text -> String.replace(text, from, to) end) <> "\""
  end
end
