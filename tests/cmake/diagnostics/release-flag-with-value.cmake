# expect: beam_add_release\(rel\): unknown argument 'off'
beam_add_release(rel APPLICATIONS sasl STRIP off)
