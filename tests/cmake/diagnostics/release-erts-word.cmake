# expect: beam_add_release\(rel\): ERTS is 'hots', and must be one of: host, target, none.*Did you mean 'host'
beam_add_release(rel APPLICATIONS sasl ERTS hots)
