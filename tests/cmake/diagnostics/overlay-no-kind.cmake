# expect: beam_release_overlay\(rel\): give one of FROM, TEXT and LINK, not ''
beam_add_release(rel APPLICATIONS sasl)
beam_release_overlay(rel TO y)
