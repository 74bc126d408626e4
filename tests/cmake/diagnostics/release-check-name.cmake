# expect: beam_add_release\(rel\): the name in CHECKS undefined_call=warn is 'undefined_call', .*Did you mean 'undefined_calls'
beam_add_release(rel APPLICATIONS sasl CHECKS undefined_call=warn)
