# Files of the driver: written only when they change, complete or not at all.
defmodule BeamRelease.Mix.Files do
  # Folders that hold no input of a project.
  @skipped ~w(_build deps node_modules cover doc .git .hg .svn .elixir_ls .fetch)

  # From 1.15 on Mix takes out of the code path what the project does not name.
  def need(app) do
    if function_exported?(Mix, :ensure_application!, 1), do: apply(Mix, :ensure_application!, [app])
  end

  def write(path, content) do
    bytes = IO.iodata_to_binary(content)

    if File.read(path) != {:ok, bytes} do
      File.mkdir_p!(Path.dirname(path))
      temporary = path <> ".new"
      File.write!(temporary, bytes)
      File.rename!(temporary, path)
    end

    :ok
  end

  # Written anew, so that its time is now.
  def stamp(path) do
    File.write!(path <> ".new", "")
    File.rename!(path <> ".new", path)
  end

  # What is at and below `path`, folders included: their time tells of files that come and go. Links are not followed
  # beyond what they name, so that there is no loop.
  def tree(path, skipped \\ []) do
    case File.lstat(path) do
      {:ok, %{type: :directory}} ->
        names = path |> File.ls!() |> Enum.sort()
        [path | Enum.flat_map(names -- skipped, &tree(Path.join(path, &1), skipped))]

      {:ok, _} ->
        [path]

      {:error, _} ->
        []
    end
  end

  # What matches below `folder`, whose own name may hold anything.
  def glob(folder, pattern) do
    for name <- :filelib.wildcard(to_charlist(pattern), to_charlist(folder)), do: Path.join(folder, to_string(name))
  end

  # All of a project but what tools leave there; folders of builds are told by their CMakeCache.txt.
  def project_tree(path) do
    names = if File.dir?(path), do: File.ls!(path), else: []
    skipped = for name <- names, File.exists?(Path.join([path, name, "CMakeCache.txt"])), do: name
    tree(path, skipped ++ @skipped) -- [path]
  end

  # A path as Make and Ninja read it. Neither can take a line break.
  def depfile(path, target, inputs) do
    lines = for input <- Enum.uniq(inputs), not String.contains?(input, "\n"), do: [" \\\n  ", escape(input)]
    write(path, [escape(target), ":", lines, "\n"])
  end

  defp escape(path), do: path |> String.replace(["\\", " ", "#"], &("\\" <> &1)) |> String.replace("$", "$$")

  # What tells whether a file has changed: its size and time.
  def state(path) do
    case File.lstat(path, time: :posix) do
      {:ok, stat} -> {path, stat.type, stat.type != :directory && stat.size, stat.mtime}
      {:error, _} -> {path, :missing}
    end
  end
end
