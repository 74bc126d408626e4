# Consolidated protocols of a release that takes applications from several projects:
#
#     beamrelease_mix.exs protocols MANIFEST
#
#   application NAME      of the release; what these need is found in the .app files
#   path DIR              holds applications; the first that has one wins, and OTP has no protocols
#   output_dir DIR        stamp FILE     depfile FILE
defmodule BeamRelease.Mix.Protocols do
  alias BeamRelease.Mix.{Files, Manifest}

  def main(manifest) do
    facts = Manifest.read(manifest)
    folders = find(Manifest.all(facts, :application), Manifest.all(facts, :path), %{})
    ebins = folders |> Map.values() |> Enum.reject(&is_nil/1) |> Enum.map(&Path.join(&1, "ebin")) |> Enum.sort()
    Enum.each(ebins, &Code.prepend_path/1)
    paths = Enum.map(ebins, &to_charlist/1)
    output = Manifest.one(facts, :output_dir)
    File.mkdir_p!(output)

    made =
      for protocol <- paths |> Protocol.extract_protocols() |> Enum.uniq() do
        {:ok, beam} = Protocol.consolidate(protocol, Protocol.extract_impls(protocol, paths))
        name = "#{protocol}.beam"
        Files.write(Path.join(output, name), beam)
        name
      end

    for name <- File.ls!(output), name not in made, do: File.rm!(Path.join(output, name))
    stamp = Manifest.one(facts, :stamp)
    inputs = for ebin <- ebins, app <- [Path.join(ebin, "#{Path.basename(Path.dirname(ebin))}.app")], do: app
    Files.depfile(Manifest.one(facts, :depfile), stamp, Enum.filter(inputs, &File.exists?/1))
    Files.stamp(stamp)
  end

  defp find([name | names], paths, found) when is_map_key(found, name), do: find(names, paths, found)

  defp find([name | names], paths, found) do
    folder = Enum.find_value(paths, &folder(&1, name))
    needs = if folder, do: needs(folder, name), else: []
    find(names ++ needs, paths, Map.put(found, name, folder))
  end

  defp find([], _, found), do: found

  defp folder(path, name) do
    for folder <- [Path.join(path, name) | Files.glob(path, name <> "-*")],
        File.regular?(Path.join([folder, "ebin", name <> ".app"])) do
      folder
    end
    |> List.last()
  end

  defp needs(folder, name) do
    {:ok, [{:application, _, properties}]} = [folder, "ebin", name <> ".app"] |> Path.join() |> :file.consult()
    for key <- [:applications, :included_applications], app <- properties[key] || [], do: Atom.to_string(app)
  end
end
