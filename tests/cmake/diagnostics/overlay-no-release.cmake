# expect: beam_release_overlay\(relx\): the first argument names 'relx'
beam_add_release(rel APPLICATIONS sasl)
beam_release_overlay(relx TEXT x TO y)
