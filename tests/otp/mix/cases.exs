# usage: elixir cases.exs WORK SEEDS
# Writes SEEDS folders WORK/cases/N: the applications of a release and how it is asked for (spec.yaml, with @OTP@ and
# @ELIXIR@ for the folders of this machine), and in want/ what the Mix of this Elixir makes of that: start.rel,
# start.script, start.boot, start_clean.*, sys.config; or `error`, the words in which it refuses.
Mix.start()

{:module, _, provider, _} =
  defmodule Cases.Provider do
    def init(state), do: {:made, state}
    def load(config, _), do: config
  end

defmodule Cases.Project do
  use Mix.Project
  def project, do: [app: :cases, version: "0.1.0"]
end

defmodule Cases do
  @version "1.2.3"
  @modes [:permanent, :permanent, :permanent, :transient, :temporary, :load, :none]
  @switches [
    :reboot_system_after_config,
    :prune_runtime_sys_config_after_boot,
    :start_distribution_during_config,
    :validate_compile_env
  ]

  def main(work, seeds, provider) do
    for seed <- 1..seeds do
      :rand.seed(:exsss, {seed, 2, 3})
      write(Path.join([work, "cases", String.pad_leading("#{seed}", 4, "0")]), provider)
    end
  end

  defp chance(percent), do: :rand.uniform(100) <= percent
  defp pick(list), do: Enum.random(list)
  defp some(list, percent), do: Enum.filter(list, fn _ -> chance(percent) end)

  # --- applications: a0 needs only a1 and up, so that there are no circles ---

  defp apps do
    last = :rand.uniform(8)
    names = for i <- 0..last, do: :"a#{i}"

    parts =
      for i <- 1..last//1, chance(15), into: %{}, do: {:"a#{i}", :"a#{:rand.uniform(i) - 1}"}

    clash = chance(3)

    for {name, i} <- Enum.with_index(names) do
      later = Enum.drop(names, i + 1)
      needed = some(later, 30)
      needed = if clash, do: needed, else: Enum.reject(needed, &is_map_key(parts, &1))
      elixir = if chance(70), do: [:elixir | some([:logger, :eex, :iex], 12)], else: []
      ghosts = if chance(3), do: [:"ghost#{i}"], else: []
      missing = if chance(2), do: [:nowhere], else: []
      otp = some([:crypto, :runtime_tools, :ssl, :sasl], 8)
      optional = if chance(30), do: ghosts ++ some(needed, 30), else: ghosts
      all = [:kernel, :stdlib] ++ Enum.shuffle(elixir ++ needed ++ ghosts ++ missing ++ otp)

      {name,
       vsn: ~c"#{i}.0",
       description: ~c"#{name}",
       modules: if(i == 0 and chance(50), do: [Cases.Provider], else: []),
       registered: [],
       applications: all,
       optional_applications: optional,
       included_applications: for({part, ^name} <- parts, do: part),
       compile_env:
         for(_ <- 1..3//1, chance(25), do: {name, [pick([:x, :y])], pick([:error, {:ok, "v"}])})}
    end
  end

  defp write_app(dir, {name, properties}, provider) do
    ebin = Path.join([dir, "lib", "#{name}", "ebin"])
    File.mkdir_p!(ebin)
    write_term(Path.join(ebin, "#{name}.app"), {:application, name, properties})

    if properties[:modules] != [],
      do: File.write!(Path.join(ebin, "#{Cases.Provider}.beam"), provider)

    String.to_charlist(ebin)
  end

  defp write_term(path, term), do: File.write!(path, :io_lib.format("~tp.~n", [term]), [:utf8])

  # --- what is asked for ---

  defp requests(apps) do
    own = some(Keyword.keys(apps), 45)
    own = if own == [] or apps[:a0][:modules] != [], do: Enum.uniq([:a0 | own]), else: own
    base = some([:sasl, :elixir, :iex, :logger, :crypto], 15) ++ some([:kernel, :stdlib], 10)

    for app <- Enum.shuffle(own ++ base) do
      {app, if(app in [:kernel, :stdlib], do: :permanent, else: pick(@modes))}
    end
  end

  defp options(apps) do
    switches = for key <- @switches, chance(40), do: {key, chance(50)}
    state = pick([[], %{a: 1}, "text", {:x, 1.5, 'é'}])

    own =
      if apps[:a0][:modules] != [],
        do: for(_ <- 1..2//1, chance(60), do: {Cases.Provider, state}),
        else: []

    skip = some([:a0, :a1, :a2], 10)

    {if(skip == [], do: switches, else: [{:skip_mode_validation_for, skip} | switches]),
     chance(50), own}
  end

  defp config(apps) do
    settings = fn -> some([a: 1, b: "bytes", c: [d: :e], start_distribution: true], 40) end

    for app <- Enum.shuffle(some([:kernel, :elixir, :sasl] ++ Keyword.keys(apps), 40)),
        do: {app, settings.()}
  end

  # --- one case ---

  defp write(dir, provider) do
    File.mkdir_p!(Path.join(dir, "want"))
    apps = apps()
    ebins = Enum.map(apps, &write_app(dir, &1, provider))
    requests = requests(apps)
    {switches, runtime, own} = options(apps)
    config = config(apps)
    write_term(Path.join(dir, "sys.config"), config)
    File.write!(Path.join(dir, "runtime.exs"), "import Config\n")
    # mix: a release lists these unless it says otherwise
    defaults = [kernel: :permanent, stdlib: :permanent, elixir: :permanent, sasl: :permanent]
    asked = Keyword.merge(defaults, requests)
    erts = pick(["exclude", "exclude", "include"])
    File.write!(Path.join(dir, "spec.yaml"), spec(asked, switches, runtime, own, erts))

    init = {:system, "RELEASE_ROOT", "/releases/#{@version}/runtime.exs"}
    reader = {Config.Reader, path: init, env: :prod, target: :host, imports: :disabled}
    providers = if(runtime, do: [reader], else: []) ++ own
    Enum.each(ebins, &:code.add_patha/1)

    try do
      options = [applications: requests, config_providers: providers, path: dir] ++ switches
      release = Mix.Release.from_config!(:r, [version: @version, releases: [r: options]], [])
      make(%{release | version_path: Path.join(dir, "want")}, config, Path.join(dir, "want"))
    rescue
      error in Mix.Error -> refuse(dir, error.message)
    catch
      {:refused, message} -> refuse(dir, message)
    after
      Enum.each(ebins, &:code.del_path/1)
    end
  end

  defp refuse(dir, message), do: File.write!(Path.join(dir, "want/error"), message)

  defp make(release, config, want) do
    consolidated = ["$RELEASE_LIB/../releases/#{@version}/consolidated"]

    for {name, modes} <- release.boot_scripts do
      case Mix.Release.make_boot_script(release, Path.join(want, "#{name}"), modes, consolidated) do
        :ok -> :ok
        {:error, message} -> throw({:refused, message})
      end
    end

    :ok = Mix.Release.make_sys_config(release, config, {:system, "RELEASE_SYS_CONFIG", ".config"})
  end

  defp value(list) when is_list(list), do: "[#{Enum.join(list, ", ")}]"
  defp value(on), do: "#{on}"

  defp spec(asked, switches, runtime, own, erts) do
    provider = fn {module, state} ->
      term = to_string(:io_lib.format("~tw", [{module, module.init(state)}]))
      "'#{String.replace(term, "'", "''")}'"
    end

    """
    release:
      name: r
      version: #{@version}
      otp: @OTP@
      erts: #{erts}
      paths: [lib, @ELIXIR@]
      applications:
    #{for {app, mode} <- asked, do: "    - {name: #{app}, start: #{mode}}\n"}  config: {sys: sys.config#{if runtime, do: ", runtime: runtime.exs"}}
      checks: {undefined_calls: "off", missing_applications: "off"}
      elixir:
        consolidated: lib
    #{for {key, on} <- switches, do: "    #{key}: #{value(on)}\n"}    config_providers: [#{Enum.map_join(own, ", ", provider)}]
    """
  end
end

[work, seeds] = System.argv()
Cases.main(work, String.to_integer(seeds), provider)
