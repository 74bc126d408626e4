# expect: beam_install\(reel\): RELEASES names 'reel', which is not a target of beam_add_release\(\). Did you mean 'rel'
beam_add_release(rel APPLICATIONS sasl)
beam_install(RELEASES reel DESTINATION lib)
