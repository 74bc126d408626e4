# expect: beam_release_hook\(rel\): TIMEOUT is '30s', and must be a whole number from 0 to 999999
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rel PRE_START SCRIPT rel/check.sh TIMEOUT 30s)
