# expect: beam_add_release\(rel\): there is a target of this name already
beam_add_release(rel APPLICATIONS sasl)
beam_add_release(rel APPLICATIONS sasl)
