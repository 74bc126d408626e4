# What examples/rebar3/CMakeLists.txt says.
BEAM_APPLICATIONS := stock_project
BEAM_RELEASES := stock
stock_project.app.builder := rebar3
stock.release.project := stock_project
include $(BEAMRELEASE)/beamrelease.mk
