# Builds a mix project out of tree and describes its releases: see cmake/_beam_project.cmake.
#
#     beamrelease_mix.exs MANIFEST
#     beamrelease_mix.exs protocols MANIFEST
#
# A plain script: nothing but Elixir and Mix, 1.14 and later.
for part <- ~w(manifest files grammars options release paths build protocols) do
  Code.require_file(Path.join(__DIR__, "beamrelease_mix_#{part}.exs"))
end

case System.argv() do
  [manifest] ->
    BeamRelease.Mix.Build.main(manifest)

  ["protocols", manifest] ->
    BeamRelease.Mix.Protocols.main(manifest)

  _ ->
    IO.puts(:stderr, "usage: beamrelease_mix.exs MANIFEST")
    System.halt(2)
end
