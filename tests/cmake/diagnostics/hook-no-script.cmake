# expect: beam_release_hook\(rel\): SCRIPT is missing
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rel PRE_START NAME x)
