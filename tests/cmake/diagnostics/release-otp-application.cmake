# expect: Did you mean 'crypto'
beam_add_release(rel APPLICATIONS cripto)
