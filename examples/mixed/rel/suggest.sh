#!/bin/sh
# bin/spell suggest WORD: asks the running node. The word travels in the environment of no one: as text in the code.
[ $# -eq 1 ] || {
	echo "usage: $RELEASE_NAME suggest WORD" >&2
	exit 1
}
case $1 in
*[!A-Za-z]*)
	echo "$RELEASE_NAME: a word has letters only" >&2
	exit 1
	;;
esac
exec "$RELEASE_ROOT/bin/$RELEASE_NAME" rpc "IO.puts(Enum.join(Spell.suggest(\"$1\"), \" \"))"
