# expect: beam_install\(rel\): DESTINATION is missing
beam_add_release(rel APPLICATIONS sasl)
beam_install(RELEASES rel)
