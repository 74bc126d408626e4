#!/bin/sh
# pre_start: refuse to start without words.
set -eu

for words in "$RELEASE_ROOT"/lib/spell-*/priv/words.txt; do
	[ -s "$words" ] || {
		echo "check_words: there are no words in $words" >&2
		exit 1
	}
done
