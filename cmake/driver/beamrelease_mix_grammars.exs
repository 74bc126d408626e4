# Mix writes what leex and yecc make beside the grammars. Here it goes to the build folder, because nothing may be written to
# sources; these modules take the place of Mix's own.
defmodule BeamRelease.Mix.Grammars do
  def run(tool, extension, option) do
    config = Mix.Project.config()
    BeamRelease.Mix.Files.need(:parsetools)
    grammars = for folder <- config[:erlc_paths], path <- grammars(folder, extension), do: path
    results = Enum.map(grammars, &compile(&1, tool, option, config))

    cond do
      :error in results -> {:error, []}
      :ok in results -> {:ok, []}
      true -> {:noop, []}
    end
  end

  defp grammars(folder, extension), do: Path.wildcard(Path.join(folder, "**/*." <> extension))

  defp compile(grammar, tool, option, config) do
    module = Path.basename(Path.rootname(grammar))
    generated = Path.join([Mix.Project.app_path(config), "generated", module <> ".erl"])
    beam = Path.join(Mix.Project.compile_path(config), module <> ".beam")
    beside = Path.rootname(grammar) <> ".erl"

    if time(beside) != nil and time(beside) < time(grammar) do
      Mix.raise(
        "#{Path.absname(beside)} is older than #{grammar}, which it was made of, and would be compiled. Remove it"
      )
    end

    if time(beam) == nil or time(beam) < time(grammar) do
      File.mkdir_p!(Path.dirname(generated))
      File.mkdir_p!(Path.dirname(beam))
      options = Keyword.get(config, :"#{tool}_options", [])

      with {:ok, _} <- apply(tool, :file, [to_charlist(grammar), [{option, to_charlist(generated)}, :report | options]]),
           {:ok, _} <- :compile.file(to_charlist(generated), erlc_options(beam, config)) do
        :ok
      else
        {:ok, _, _} -> :ok
        _ -> :error
      end
    else
      :noop
    end
  end

  defp erlc_options(beam, config) do
    [:report, {:outdir, beam |> Path.dirname() |> to_charlist()}, {:i, to_charlist(config[:erlc_include_path])}] ++
      config[:erlc_options]
  end

  defp time(path) do
    case File.stat(path, time: :posix) do
      {:ok, stat} -> stat.mtime
      {:error, _} -> nil
    end
  end
end

ignored = Code.get_compiler_option(:ignore_module_conflict)
Code.put_compiler_option(:ignore_module_conflict, true)

defmodule Mix.Tasks.Compile.Leex do
  use Mix.Task.Compiler
  @recursive true
  def run(_), do: BeamRelease.Mix.Grammars.run(:leex, "xrl", :scannerfile)
end

defmodule Mix.Tasks.Compile.Yecc do
  use Mix.Task.Compiler
  @recursive true
  def run(_), do: BeamRelease.Mix.Grammars.run(:yecc, "yrl", :parserfile)
end

Code.put_compiler_option(:ignore_module_conflict, ignored)
