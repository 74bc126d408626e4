# expect: beam_release_hook\(rel\): ORDER is '-1', and must be a whole number
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rel PRE_START SCRIPT rel/check.sh ORDER -1)
