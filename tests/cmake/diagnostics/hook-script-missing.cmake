# expect: beam_release_hook\(rel\): SCRIPT names 'rel/chek.sh', and there is no
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rel PRE_START SCRIPT rel/chek.sh)
