# expect: beam_release_overlay\(rel\): MODE is 'rwx', and must be three octal digits
beam_add_release(rel APPLICATIONS sasl)
beam_release_overlay(rel TEXT x TO y MODE rwx)
