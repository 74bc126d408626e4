# expect: beam_add_upgrade\(up\): RELEASE names 'rle', which is not a target of beam_add_release\(\). Did you mean 'rel'
beam_add_release(rel APPLICATIONS sasl)
beam_add_upgrade(up RELEASE rle FROM x.tar.gz)
