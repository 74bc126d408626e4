#!/bin/sh
# bin/crc sum TEXT: the checksum of TEXT, asked of the running system.
[ $# -eq 1 ] || {
	echo "usage: crc sum TEXT" >&2
	exit 2
}
case $1 in
*[!0-9A-Za-z]*)
	echo "sum: letters and digits only" >&2
	exit 2
	;;
esac
exec "$RELEASE_ROOT/bin/$RELEASE_NAME" rpc "io:put_chars(crc_client:ask(\"$1\"))."
