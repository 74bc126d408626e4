# expect: BeamRelease makes a target 'release' that builds every release of this project, but .*/source has made another
add_custom_target(release)
beam_add_release(rel APPLICATIONS sasl)
