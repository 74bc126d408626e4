#!/bin/bash
# usage: tests/e2e/migration.sh PREFIX PAGE EXPECTED
# Follows docs/migration/PAGE literally: makes the file that is named at the start of a paragraph, whose block of code comes
# next, and runs each block of commands; the last must print EXPECTED. PREFIX is where BeamRelease is installed.
set -euo pipefail
top=$(realpath "$(dirname "$(realpath "$0")")/../..")
PATH=$(realpath "$1")/bin:$PATH
CMAKE_PREFIX_PATH=$(realpath "$1")
page=$top/docs/migration/$2
export PATH CMAKE_PREFIX_PATH
unset RELEASE_STATE_DIR RELEASE_TMP RELEASE_COOKIE

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir blocks project home
export HOME="$work/home"

awk '
	!inside && /^```[a-z]/ {
		inside = 1
		file = sprintf("blocks/%02d.%s", ++n, substr($0, 4))
		if (name != "") print name >(sprintf("blocks/%02d.name", n))
		name = ""
		printf "" >file
		next
	}
	inside && /^```$/ { inside = 0; close(file); next }
	inside { print >file; next }
	/^`[A-Za-z_\/.]+`/ { name = $1; gsub(/`/, "", name) }
	/^## / { name = "" }
' "$page"

cd project
ran=0
for block in ../blocks/[0-9][0-9].*; do
	case $block in
	*.name) ;;
	*.sh)
		bash -euc "$(cat "$block")" >../output 2>&1 || {
			cat ../output
			echo "migration: these commands of $page failed:" >&2
			cat "$block" >&2
			exit 1
		}
		ran=$((ran + 1))
		;;
	*)
		name=$(cat "${block%.*}.name")
		mkdir -p "$(dirname "$name")"
		cp "$block" "$name"
		;;
	esac
done
if [ "$ran" -lt 2 ] || ! grep -qxF -- "$3" ../output; then
	cat ../output
	echo "migration: the last of $ran blocks of commands of $page does not print '$3'" >&2
	exit 1
fi
