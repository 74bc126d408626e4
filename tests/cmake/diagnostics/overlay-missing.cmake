# expect: beam_release_overlay\(rel\): FROM names .*/rel/none, which is not there
beam_add_release(rel APPLICATIONS sasl)
beam_release_overlay(rel FROM rel/none TO etc)
