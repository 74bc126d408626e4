# expect: beam_release_overlay\(rel\): give one of FROM, TEXT and LINK, not 'FROM and TEXT'
beam_add_release(rel APPLICATIONS sasl)
beam_release_overlay(rel FROM rel TEXT x TO y)
