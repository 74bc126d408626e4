# Builds a mix project out of tree and describes its releases: see cmake/_beam_project.cmake.
#
#     beamrelease_mix.exs MANIFEST
#     beamrelease_mix.exs protocols MANIFEST
#
# A plain script: nothing but Elixir and Mix, 1.14 and later. Elixir reads ERL_COMPILER_OPTIONS when it starts; without
# "deterministic" what it compiles would hold the paths of this machine.
System.get_env("ERL_COMPILER_OPTIONS") == "deterministic" ||
  raise "the driver must be started with ERL_COMPILER_OPTIONS=deterministic"

for part <- ~w(manifest files shell grammars options release paths build protocols) do
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
