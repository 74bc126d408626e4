# Builds a mix project out of tree and describes its releases: see cmake/_beam_project.cmake.
#
#     beamrelease_mix.exs MANIFEST
#
# A plain script: nothing but Elixir and Mix, 1.14 and later.
["manifest", "files", "options", "release", "build"]
|> Enum.each(&Code.require_file(Path.join(__DIR__, "beamrelease_mix_#{&1}.exs")))

case System.argv() do
  [manifest] -> BeamRelease.Mix.Build.main(manifest)
  _ -> System.halt(2)
end
