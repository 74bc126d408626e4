# expect: beam_release_hook\(rel\): the phase is missing
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rel)
