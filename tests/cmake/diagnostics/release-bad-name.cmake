# expect: beam_add_release\(rel\): 'My-Shop' cannot be the name of a release
beam_add_release(rel NAME My-Shop APPLICATIONS sasl)
