# An archive that is not there yet is no fault before the build.
beam_add_release(rel APPLICATIONS sasl)
beam_add_upgrade(up RELEASE rel FROM dist/rel-0.9.0.tar.gz)
