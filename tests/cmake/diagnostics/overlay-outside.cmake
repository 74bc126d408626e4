# expect: beam_release_overlay\(rel\): TO is 'a/../../b', and must be a path inside the release
beam_add_release(rel APPLICATIONS sasl)
beam_release_overlay(rel TEXT x TO a/../../b)
