# expect: beam_install\(\): names nothing to install: give RELEASES or APPLICATIONS
beam_install(DESTINATION lib)
