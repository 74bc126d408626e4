# What the driver is told: a line per fact, KEY VALUE; see cmake/_beam_project.cmake.
defmodule BeamRelease.Mix.Manifest do
  @keys ~w(project source_dir state_dir lib_dir releases_dir stamp depfile provides depend environment source folder release
    mix_env mix_target
    application path output_dir)a

  def read(path) do
    facts =
      for line <- String.split(File.read!(path), "\n"),
          [key, value] <- [String.split(line, " ", parts: 2)],
          value != "" do
        {known!(key, path), value}
      end

    facts
  end

  defp known!(key, path) do
    Enum.find(@keys, &(Atom.to_string(&1) == key)) ||
      raise "#{path}: unknown key '#{key}'"
  end

  def one(facts, key, default \\ nil), do: Keyword.get(facts, key, default)
  def all(facts, key), do: Keyword.get_values(facts, key)
end
