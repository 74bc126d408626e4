#!/bin/sh
# pre_start: refuse to start with a port that is none.
case ${CRC_PORT:-} in
*[!0-9]*)
	echo "check_port: CRC_PORT is '$CRC_PORT', and must be a number" >&2
	exit 1
	;;
esac
