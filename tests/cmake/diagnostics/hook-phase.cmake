# expect: beam_release_hook\(rel\): unknown phase 'PRESTART'. Did you mean 'PRE_START'
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rel PRESTART SCRIPT rel/check.sh)
