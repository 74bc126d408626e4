# expect: beam_add_release\(rel\): unknown keyword 'VERSOIN', after APPLICATIONS. Did you mean 'VERSION'
beam_add_release(rel APPLICATIONS sasl VERSOIN 1.0)
