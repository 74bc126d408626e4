# expect: beam_release_hook\(rle\): the first argument names 'rle', which is not a target of beam_add_release\(\). Did you mean 'rel'
beam_add_release(rel APPLICATIONS sasl)
beam_release_hook(rle PRE_START SCRIPT rel/check.sh)
