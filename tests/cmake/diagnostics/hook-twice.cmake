# expect: beam_release_hook\(rel\): PRE_START has a hook named 'check.sh' already
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rel PRE_START SCRIPT rel/check.sh)
beam_release_hook(rel PRE_START SCRIPT rel/check.sh ORDER 1)
