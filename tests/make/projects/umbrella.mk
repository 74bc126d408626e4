# What examples/umbrella/CMakeLists.txt says.
BEAM_APPLICATIONS := gauges
BEAM_RELEASES := station board
gauges.app.builder := mix
station.release.project := gauges
station.release.project_release := station
board.release.project := gauges
board.release.project_release := board
include $(BEAMRELEASE)/beamrelease.mk
