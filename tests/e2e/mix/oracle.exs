# usage: elixir oracle.exs OURS THEIRS
# Compares a release with the one that `mix release` made of the same project. What differs is listed, and the status is 1.
defmodule Oracle do
  # Files that only one of the two has, and why.
  @only_ours [
    {~r"^releases/RELEASES$", "for release_handler"},
    {~r"^releases/[^/]+\.rel$", "for release_handler"},
    {~r"^releases/V/no_dot_erlang\.(boot|script)$", "a boot file of OTP"},
    {~r"^releases/V/manifest\.json$", "what is in the release, for inspect and upgrades"},
    {~r"^releases/V/(sys\.config|vm\.args|remote\.vm\.args)\.(src|sh)$", "templates, filled in when the release starts"}
  ]
  @only_theirs [
    {~r"^releases/COOKIE$", "a secret"},
    {~r"\.bat$", "for Windows"},
    {~r"^[^/]+\.tar\.gz$", "the archive of the step :tar; ours is beside the release"},
    {~r"^erts-[^/]+/bin/(ct_run|dialyzer|erlc|typer|yielding_c_fun|erl_call_|.*\.src)$", "a build tool"},
    {~r"^erts-[^/]+/(doc|include|lib|man|src|misc|info)(/|$)", "not needed to run"},
    {~r"^lib/[^/]+/include/", "headers: INCLUDE_HEADERS takes them along"}
  ]

  def main([ours, theirs]) do
    version = version(ours)
    faults = files(ours, theirs) ++ contents(ours, theirs, "releases/#{version}", version)
    Enum.each(faults, &IO.puts/1)
    IO.puts("#{length(faults)} differences")
    if faults != [], do: System.halt(1)
  end

  defp version(root) do
    [_, version] = root |> Path.join("releases/start_erl.data") |> File.read!() |> String.split()
    version
  end

  defp files(ours, theirs) do
    {a, b} = {list(ours), list(theirs)}
    only("only ours", a -- b, @only_ours) ++ only("only mix's", b -- a, @only_theirs)
  end

  defp list(root) do
    version = version(root)

    for path <- Path.wildcard(Path.join(root, "**"), match_dot: true), not File.dir?(path) do
      path |> Path.relative_to(root) |> String.replace_prefix("releases/#{version}/", "releases/V/")
    end
  end

  defp only(what, paths, known) do
    for path <- paths, not Enum.any?(known, fn {regex, _} -> path =~ regex end), do: "#{what}: #{path}"
  end

  defp contents(ours, theirs, folder, version) do
    name = ours |> Path.join("bin/*") |> Path.wildcard() |> Enum.find(&File.exists?(Path.join([ours, folder, Path.basename(&1) <> ".rel"])))
    rel = Path.basename(name) <> ".rel"

    terms =
      for file <- [rel, "sys.config", "start.script", "start_clean.script"] do
        {file, consult(ours, folder, file, version), consult(theirs, folder, file, version)}
      end

    boots =
      for file <- ["start", "start_clean"] do
        {file <> ".boot", boot(ours, folder, file), consult(ours, folder, file <> ".script", version)}
      end

    boots_theirs =
      for file <- ["start", "start_clean"] do
        {file <> ".boot of mix", boot(ours, folder, file), boot(theirs, folder, file)}
      end

    # Headers count, too: the launcher of mix greps for the second line.
    heads = {"head of sys.config", head(ours, folder), head(theirs, folder)}

    texts =
      for file <- ["vm.args", "remote.vm.args", "env.sh", "runtime.exs", "elixir", "iex"],
          not default?(theirs, folder, file) do
        {file, File.read(Path.join([ours, folder, file])), File.read(Path.join([theirs, folder, file]))}
      end

    beams =
      for place <- ["lib/*/ebin", "#{folder}/consolidated"], path <- Path.wildcard(Path.join([ours, place, "*.beam"])) do
        file = Path.relative_to(path, ours)
        {ours_beam, theirs_beam} = beams(path, Path.join(theirs, file))
        {file, ours_beam, theirs_beam}
      end

    for {what, a, b} <- [heads | terms] ++ boots ++ boots_theirs ++ texts ++ beams, a != b do
      "#{what} differs:\n  ours:  #{show(a, b)}\n  mix's: #{show(b, a)}"
    end
  end

  # What mix writes for a project without a template of its own is not what we write.
  @defaults ["## Customize flags given to the VM", "# # Sets and enables heart"]
  defp default?(root, folder, file) do
    case File.read(Path.join([root, folder, file])) do
      {:ok, text} -> String.contains?(text, @defaults)
      _ -> false
    end
  end

  defp head(root, folder), do: root |> Path.join("#{folder}/sys.config") |> File.read!() |> String.split("\n") |> Enum.take(2)

  defp consult(root, folder, file, _) do
    {:ok, terms} = [root, folder, file] |> Path.join() |> :file.consult()
    rooted(terms)
  end

  defp boot(root, folder, file) do
    [[root, folder, file <> ".boot"] |> Path.join() |> File.read!() |> :erlang.binary_to_term() |> rooted()]
  end

  # $RELEASE_LIB is the folder lib of the release.
  defp rooted(term) when is_list(term) do
    if term != [] and List.ascii_printable?(term) do
      term |> to_string() |> String.replace("$RELEASE_LIB", "$ROOT/lib")
    else
      Enum.map(term, &rooted/1)
    end
  end

  defp rooted(term) when is_tuple(term), do: term |> Tuple.to_list() |> Enum.map(&rooted/1) |> List.to_tuple()
  defp rooted(term), do: term

  # The chunks of two beams, however they are ordered. Ours may have more of those that OTP's own stripping keeps, which some
  # versions of mix drop. Dbgi and, from Elixir 1.18 on, Docs tell in which folder was compiled, where they are kept.
  @kept_by_otp [~c"Attr", ~c"Type", ~c"Meta", ~c"Atom"]

  defp beams(path, other) do
    {a, b} = {chunks(path), chunks(other)}

    if is_map(a) and is_map(b) do
      {a |> Map.drop(@kept_by_otp -- Map.keys(b)) |> placeless(), placeless(b)}
    else
      {a, b}
    end
  end

  defp placeless(chunks), do: Map.new(chunks, fn {id, bytes} -> {id, id in [~c"Dbgi", ~c"Docs"] || bytes} end)

  defp chunks(path) do
    with {:ok, bytes} <- File.read(path),
         {:ok, _, chunks} <- :beam_lib.all_chunks(bytes),
         do: Map.new(chunks)
  end

  # Where they begin to differ.
  defp show(a, b) do
    {a, b} = {inspect(a, limit: :infinity, printable_limit: 5000), inspect(b, limit: :infinity, printable_limit: 5000)}
    at = Enum.find(0..(byte_size(a) - 1), 0, &(binary_part(a, &1, 1) != (&1 < byte_size(b) && binary_part(b, &1, 1))))
    "...#{a |> binary_part(max(0, at - 80), min(byte_size(a) - max(0, at - 80), 240)) |> inspect()}"
  end
end

Oracle.main(System.argv())
