# What examples/umbrella/CMakeLists.txt says.
BEAM_APPLICATIONS := gauges
BEAM_RELEASES := station board
BEAM_TESTS := station_boots

gauges.app.builder := mix
gauges.app.provides := gauge gauge_poller gauge_web
station.release.project := gauges
station.release.project_release := station
board.release.project := gauges
board.release.project_release := board

station_boots.test.release := station
station_boots.test.eval := IO.puts(Gauge.Show.line(GaugePoller.status()))
station_boots.test.expect := ^0 rounds, 0 faults$$
station_boots.test.env := GAUGE_PORT=@FREE_PORT@ GAUGE_SENSOR=/dev/null GAUGE_INTERVAL=600000
include $(BEAMRELEASE)/beamrelease.mk
