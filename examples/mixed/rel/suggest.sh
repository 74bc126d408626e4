#!/bin/sh
# bin/spell suggest WORD: asks the running node.
[ $# -eq 1 ] || {
	echo "usage: $RELEASE_NAME suggest WORD" >&2
	exit 1
}
case $1 in
'' | *[!A-Za-z]*) # it becomes a part of code
	echo "$RELEASE_NAME: a word has letters only" >&2
	exit 1
	;;
esac
exec "$RELEASE_ROOT/bin/$RELEASE_NAME" rpc "IO.puts(Enum.join(Spell.suggest(\"$1\"), \" \"))"
