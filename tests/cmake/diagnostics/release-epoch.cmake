# expect: beam_add_release\(rel\): EPOCH is '1980-01-01', and must be seconds since 1970
beam_add_release(rel APPLICATIONS sasl EPOCH 1980-01-01)
