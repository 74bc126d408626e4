# Lets Mix compile the project, in a build folder of its own, and tells the build tool what was read.
defmodule BeamRelease.Mix.Build do
  alias BeamRelease.Mix.{Files, Manifest}

  # Compilers whose inputs are known; any other may read anything in the project.
  @known_compilers ~w(yecc leex erlang elixir app protocols phoenix gettext xref all)a

  def main(path) do
    facts = Manifest.read(path)
    stamp = Manifest.one(facts, :stamp)
    status = guarded(fn -> run(facts) end)

    if status == 0 do
      Files.stamp(stamp)
    else
      File.rm(stamp)
    end

    System.halt(status)
  end

  # What Mix's own command line makes of failures: a message, and the exit status.
  defp guarded(fun) do
    fun.()
    0
  rescue
    error in [Mix.Error, Mix.NoProjectError, Mix.NoTaskError, Mix.InvalidTaskError, Mix.ElixirVersionError] ->
      IO.puts(:stderr, "** (Mix) " <> Exception.message(error))
      1

    error ->
      IO.puts(:stderr, Exception.format(:error, error, __STACKTRACE__))
      1
  catch
    :exit, {:shutdown, status} when is_integer(status) and status != 0 ->
      status

    kind, reason ->
      IO.puts(:stderr, Exception.format(kind, reason, __STACKTRACE__))
      1
  end

  defp run(facts) do
    environment(facts)
    File.cd!(Manifest.one(facts, :source_dir))
    # What is in the code path when Mix starts counts as a part of OTP.
    see(facts)
    start()
    Code.compile_file(project_file())
    Mix.Project.get() || Mix.raise("#{project_file()} defines no project: its module must `use Mix.Project`")
    renew(facts)
    Mix.Task.run("loadconfig")
    see(facts)
    applications = applications()
    forget(facts, applications)
    Mix.Task.run("loadpaths", ["--no-archives-check"])
    see(facts)
    compile()
    prune(facts, Map.keys(applications))
    provides(facts, applications)
    BeamRelease.Mix.Paths.shorten(facts, applications)
    inputs = inputs(facts, applications)
    more = BeamRelease.Mix.Release.describe(facts)
    Files.depfile(Manifest.one(facts, :depfile), Manifest.one(facts, :stamp), inputs ++ more)
  end

  defp project_file, do: Path.absname(System.get_env("MIX_EXS") || "mix.exs")

  # Nothing of the machine's user has a say: no archive, no rebar3 of his, no network. The project's dependencies are
  # where `mix deps.get` has put them.
  defp environment(facts) do
    state = Manifest.one(facts, :state_dir)
    home = Path.join(state, "home")
    File.mkdir_p!(home)
    build = Path.dirname(Manifest.one(facts, :lib_dir))
    source = Manifest.one(facts, :source_dir)
    System.delete_env("MIX_BUILD_ROOT")
    System.delete_env("MIX_EXS")
    System.delete_env("MIX_QUIET")

    System.put_env(%{
      "HOME" => home,
      "MIX_HOME" => home,
      "MIX_ARCHIVES" => Path.join(home, "archives"),
      "HEX_HOME" => home,
      "HEX_OFFLINE" => "1",
      "REBAR_OFFLINE" => "1",
      "REBAR_CACHE_DIR" => Path.join(home, "rebar3"),
      "REBAR_GLOBAL_CONFIG_DIR" => home,
      "REBAR_BASE_DIR" => Path.join(state, "rebar3"),
      "REBAR_SKIP_PROJECT_PLUGINS" => "true",
      "TERM" => "dumb",
      "MIX_ENV" => Manifest.one(facts, :mix_env, "prod"),
      "MIX_TARGET" => Manifest.one(facts, :mix_target, "host"),
      "MIX_BUILD_PATH" => build,
      "MIX_DEPS_PATH" => System.get_env("MIX_DEPS_PATH") || Path.join(source, "deps"),
      "MIX_OS_CONCURRENCY_LOCK" => "0",
      "ERL_COMPILER_OPTIONS" => "deterministic"
    })

    # What compilers of NIFs want to know.
    root = to_string(:code.root_dir())
    erts = Path.join(root, "erts-#{:erlang.system_info(:version)}")

    System.put_env(%{
      "ERTS_INCLUDE_DIR" => existing(Path.join(erts, "include"), Path.join(root, "usr/include")),
      "ERL_EI_INCLUDE_DIR" => Path.join(root, "usr/include"),
      "ERL_EI_LIBDIR" => Path.join(root, "usr/lib")
    })

    for {variable, program} <- [{"MIX_REBAR3", "rebar3"}], path = System.find_executable(program) do
      System.get_env(variable) || System.put_env(variable, path)
    end

    for pair <- Manifest.all(facts, :environment), [name, value] = String.split(pair, "=", parts: 2) do
      System.put_env(name, value)
    end
  end

  defp existing(path, other), do: if(File.dir?(path), do: path, else: other)

  defp start do
    {:ok, _} = Application.ensure_all_started(:mix)
    Mix.shell(BeamRelease.Mix.Shell)
    # Hex itself is not needed to compile what it has fetched.
    Mix.SCM.append(BeamRelease.Mix.Fetched)
  end

  # A build folder of another environment, compiler or project is of no use.
  defp renew(facts) do
    kept = Path.join(Manifest.one(facts, :state_dir), "made_for")
    made_for = inspect({System.version(), System.otp_release(), Keyword.take(facts, [:mix_env, :mix_target, :environment])})

    if File.read(kept) != {:ok, made_for} do
      clear(Path.dirname(Manifest.one(facts, :lib_dir)))
      Files.write(kept, made_for)
    end
  end

  defp clear(folder) do
    for name <- File.ls!(folder), name != "lib", do: File.rm_rf!(Path.join(folder, name))
    lib = Path.join(folder, "lib")
    for name <- File.ls!(lib), do: File.rm_rf!(Path.join(lib, name))
  end

  # Applications of this build, which Mix knows nothing of.
  defp see(facts) do
    for line <- Manifest.all(facts, :depend), [_, folder | _] = String.split(line, "\t") do
      Code.append_path(Path.join(folder, "ebin"))
    end
  end

  # What Mix cannot know: `mix deps.get` tells only the build folder that it knows of what it has fetched, and applications of
  # this build are none of its dependencies.
  defp forget(facts, applications) do
    lib = Manifest.one(facts, :lib_dir)
    kept = Path.join(Manifest.one(facts, :state_dir), "seen")
    before = with {:ok, bytes} <- File.read(kept), do: :erlang.binary_to_term(bytes), else: (_ -> %{})

    depends =
      for line <- Manifest.all(facts, :depend), [_, folder | _] = String.split(line, "\t"), part <- ["ebin", "include"] do
        folder |> Path.join(part) |> Files.tree() |> Enum.map(&Files.state/1)
      end

    now =
      for {app, {path, local?}} <- applications, into: %{} do
        {app, if(local?, do: depends, else: path |> Files.project_tree() |> Enum.map(&Files.state/1))}
      end

    for {app, state} <- now, Map.has_key?(before, app), before[app] != state do
      File.rm_rf!(Path.join(lib, "#{app}"))
    end

    Files.write(kept, :erlang.term_to_binary(now))
  end

  defp compile do
    arguments = ["--no-archives-check", "--return-errors", "--no-deps-check"]

    case Mix.Task.run("compile", arguments) do
      {:error, _} -> exit({:shutdown, 1})
      _ -> :ok
    end
  end

  # Every application of the project with the folder of its sources and whether these can change without `mix deps.get`.
  def applications do
    children = Mix.Project.apps_paths() || %{Mix.Project.config()[:app] => "."}
    own = for {name, path} <- children, name != nil, into: %{}, do: {name, {Path.expand(path), true}}

    for dep <- Mix.Dep.cached(), not Map.has_key?(own, dep.app), into: own do
      {dep.app, {dep.opts[:dest], dep.scm == Mix.SCM.Path}}
    end
  end

  defp prune(facts, names) do
    lib = Manifest.one(facts, :lib_dir)
    for name <- File.ls!(lib), String.to_atom(name) not in names, do: File.rm_rf!(Path.join(lib, name))
  end

  # The default of PROVIDES, the name of the target, need not be true of a project whose releases are wanted: an umbrella
  # has no application of its own.
  defp provides(facts, applications) do
    lib = Manifest.one(facts, :lib_dir)
    assumed = if Manifest.all(facts, :release) != [], do: [Manifest.one(facts, :project)], else: []
    named = Manifest.all(facts, :provides)

    for name <- named, named != assumed, not File.exists?(Path.join([lib, name, "ebin", name <> ".app"])) do
      there = for {app, _} <- applications, File.dir?(Path.join([lib, "#{app}", "ebin"])), do: "#{app}"

      Mix.raise(
        "#{project_file()}: the project has no application '#{name}'. " <>
          "PROVIDES (by default the name of the target) can name: #{Enum.join(Enum.sort(there), ", ")}"
      )
    end
  end

  # What was read. Dependencies that were fetched change with mix.lock.
  defp inputs(facts, applications) do
    top = [project_file(), Path.absname("mix.lock")] ++ configuration() ++ Files.tree(Path.absname("rel"))
    children = Path.absname(Mix.Project.config()[:apps_path] || "apps")
    local = for {name, {path, true}} <- applications, input <- local_inputs(facts, name, path), do: input
    fetched = for {_, {path, false}} <- applications, name <- ["", "mix.exs", ".hex"], do: Path.join(path, name)
    depends = for line <- Manifest.all(facts, :depend), do: line |> String.split("\t") |> List.last()
    Enum.filter([children | top] ++ local ++ fetched ++ depends, &File.exists?/1)
  end

  defp configuration do
    config = Path.absname(Mix.Project.config()[:config_path])
    [config | Files.tree(Path.dirname(config))]
  end

  defp local_inputs(facts, name, path) do
    config = project_config(name, path)
    compilers = config[:compilers] || Mix.compilers()

    if compilers -- @known_compilers == [] do
      folders =
        (config[:elixirc_paths] || ["lib"]) ++
          (config[:erlc_paths] || ["src"]) ++ [config[:erlc_include_path] || "include", "priv", "config"]

      # CMake watches which folders the project's own has; see _beam_project.cmake.
      if(path == File.cwd!(), do: [], else: [path]) ++
        [Path.join(path, "mix.exs")] ++ Enum.flat_map(folders, &Files.tree(Path.expand(&1, path))) ++ resources(facts, name)
    else
      Files.project_tree(path)
    end
  end

  defp project_config(name, path) do
    if path == File.cwd!() or not File.exists?(Path.join(path, "mix.exs")) do
      Mix.Project.config()
    else
      Mix.Project.in_project(name, path, fn _ -> Mix.Project.config() end)
    end
  end

  # Files that modules name as @external_resource.
  defp resources(facts, name) do
    for beam <- Files.glob(Manifest.one(facts, :lib_dir), "#{name}/ebin/*.beam"),
        {:ok, {_, [attributes: attributes]}} <- [:beam_lib.chunks(to_charlist(beam), [:attributes])],
        {:external_resource, paths} <- attributes,
        path <- paths,
        do: Path.absname(path)
  end
end

# Stands in for Hex, which knows how to fetch; what is in deps/ can be compiled without it.
defmodule BeamRelease.Mix.Fetched do
  @behaviour Mix.SCM

  def fetchable?, do: true
  def format(_), do: "fetched package"
  def format_lock(_), do: nil

  def accepts_options(app, opts) do
    if Keyword.has_key?(opts, :path) or Keyword.has_key?(opts, :git) or Keyword.has_key?(opts, :github) or
         Keyword.has_key?(opts, :in_umbrella),
       do: nil,
       else: Keyword.put_new(opts, :hex, Atom.to_string(app))
  end

  def checked_out?(opts), do: File.dir?(opts[:dest])
  def lock_status(_), do: :ok
  def equal?(one, other), do: one[:dest] == other[:dest]
  def managers(_), do: []
  def checkout(opts), do: missing(opts)
  def update(opts), do: missing(opts)

  defp missing(opts) do
    Mix.raise("#{opts[:dest]} is not there: fetch the dependencies with `mix deps.get`. A build fetches nothing")
  end
end
