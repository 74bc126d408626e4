# expect: beam_release_hook\(rel\): the first argument names 'rel', which is not a target of beam_add_release\(\). There is none. If it is declared later, move that beam_add_release\(\) before this call
beam_release_hook(rel PRE_START SCRIPT rel/check.sh)
beam_add_release(rel APPLICATIONS sasl)
