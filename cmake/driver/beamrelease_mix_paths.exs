# Elixir writes where a source lies into two chunks of what it compiles, told to be deterministic or not: `Docs` (since
# 1.16) and `Dbgi`, which a release may keep. Here a source is called by its path in its application.
defmodule BeamRelease.Mix.Paths do
  alias BeamRelease.Mix.{Files, Manifest}

  # `applications` are {folder of the sources, any} by name. Modules of earlier runs have been looked at.
  def shorten(facts, applications) do
    done = Path.join(Manifest.one(facts, :state_dir), "shortened")
    before = for line <- lines(done), into: MapSet.new(), do: line
    folders = for {_, {folder, _}} <- applications, do: folder <> "/"
    folders = Enum.sort_by(folders, &byte_size/1, :desc)

    beams(facts)
    |> Enum.reject(&MapSet.member?(before, state(&1)))
    |> Task.async_stream(&shorten_one(&1, folders), timeout: :infinity, ordered: false)
    |> Stream.run()

    Files.write(done, Enum.map(beams(facts), &[state(&1), ?\n]))
  end

  defp lines(file) do
    case File.read(file) do
      {:ok, text} -> String.split(text, "\n", trim: true)
      {:error, _} -> []
    end
  end

  defp state(beam), do: inspect(Files.state(beam))

  defp beams(facts) do
    lib = Manifest.one(facts, :lib_dir)

    Files.glob(lib, "*/{ebin,consolidated}/*.beam") ++ Files.glob(Path.dirname(lib), "consolidated/*.beam")
  end

  # Its time stays: Mix compares it.
  defp shorten_one(beam, folders) do
    stat = File.stat!(beam, time: :posix)
    {:ok, _, chunks} = :beam_lib.all_chunks(to_charlist(beam))
    shorter = for {id, bytes} <- chunks, do: {id, chunk(id, bytes, folders)}

    if shorter != chunks do
      {:ok, bytes} = :beam_lib.build_module(shorter)
      Files.write(beam, bytes)
      File.touch!(beam, stat.mtime)
    end
  end

  defp chunk(id, bytes, folders) when id in [~c"Docs", ~c"Dbgi"] and bytes != "" do
    term = :erlang.binary_to_term(bytes)

    case shorten_term(term, folders) do
      ^term -> bytes
      shorter -> encode(shorter)
    end
  end

  defp chunk(_id, bytes, _folders), do: bytes

  # `deterministic` came with OTP 24.1.
  defp encode(term) do
    :erlang.term_to_binary(term, [:compressed, :deterministic])
  rescue
    ArgumentError -> :erlang.term_to_binary(term, [:compressed])
  end

  defp shorten_term({:docs_v1, anno, language, format, doc, %{source_path: path} = metadata, docs}, folders) do
    {:docs_v1, anno, language, format, doc, %{metadata | source_path: shorter(path, folders)}, docs}
  end

  defp shorten_term({:debug_info_v1, :elixir_erl, {:elixir_v1, %{file: path} = map, specs}}, folders) do
    {:debug_info_v1, :elixir_erl, {:elixir_v1, %{map | file: shorter(path, folders)}, specs}}
  end

  defp shorten_term(term, _folders), do: term

  defp shorter(path, folders) do
    text = to_string(path)

    case Enum.find(folders, &String.starts_with?(text, &1)) do
      nil -> path
      folder when is_list(path) -> text |> String.replace_prefix(folder, "") |> to_charlist()
      folder -> String.replace_prefix(text, folder, "")
    end
  end
end
