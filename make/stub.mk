# Where make looks for what `include beamrelease.mk` names: the functions are in share/.
include $(patsubst %/include/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))/share/beamrelease/make/beamrelease.mk
