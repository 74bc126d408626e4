#!/bin/sh
# usage: reproduce.sh SOURCE PLACE SKIP... -- COMMAND...
# Runs COMMAND in a copy of the folder SOURCE, in surroundings that must not matter to what it makes: another folder (below
# PLACE/elsewhere/source), umask 077, another time zone, locale and clock, and one processor only. PLACE is removed
# first, and must not hold anything else. What stands below one of the folders SKIP is not copied: builds.
#
# When SOURCE is a part of a Git checkout, what Git keeps of the rest is copied as well, and for Git the copy is that
# checkout. What a machine lacks to vary something is said, not hidden.
set -eu

fail() {
	echo "reproduce: $*" >&2
	exit 1
}

source=$1 place=$2
shift 2
case $place in
/*/?*) ;;
*) fail "'$place' is no absolute path to a folder of its own" ;;
esac

case $source/ in
"$place"/*) fail "$source is in $place, which is to be removed" ;;
esac

# The checkout, if Git keeps anything of SOURCE, and where SOURCE is in it: empty or "/apps/shop".
top='' prefix=''
if [ -n "$(git -C "$source" ls-files -- . 2>/dev/null | head -n 1)" ]; then
	top=$(git -C "$source" rev-parse --show-toplevel)
	prefix=$(git -C "$source" rev-parse --show-prefix)
	prefix=${prefix:+/${prefix%/}}
fi
copy=$place/elsewhere/source$prefix

# tar leaves out what is named; names may hold anything, so they stand in a file, each anchored.
rm -rf "$place"
mkdir -p "$copy"
while [ "$1" != -- ]; do
	case $1/ in
	"$source"/?*/) printf './%s\n' "${1#"$source"/}" >>"$place/skip" ;;
	esac
	shift
done
shift
printf './.git\n' >>"$place/skip"
{
	# 1: a file has changed meanwhile, as a log may.
	tar -C "$source" --no-wildcards --anchored --exclude-from="$place/skip" -cf - . || [ $? -eq 1 ] || : >"$place/failed"
} | tar -C "$copy" -xpf -
[ ! -e "$place/failed" ] || fail "$source could not be copied"
rm "$place/skip"

# The name of a submodule brings all of it. Where repositories are is said by paths that may be relative.
copy_checkout() {
	if [ -n "$prefix" ]; then
		git -C "$top" ls-files -z -co --exclude-standard -- . ":(exclude,top,literal)${prefix#/}" |
			(cd "$top" && tar --null --verbatim-files-from --ignore-failed-read -T - -cf - 2>/dev/null) |
			(cd "$place/elsewhere/source" && tar -xpf -)
	fi
	printf 'gitdir: %s\n' "$(git -C "$top" rev-parse --absolute-git-dir)" >"$place/elsewhere/source/.git"
	git -C "$top" ls-files -s | sed -n 's/^160000 [^	]*	//p' | while IFS= read -r module; do
		[ -e "$top/$module/.git" ] || continue
		mkdir -p "$place/elsewhere/source/$module"
		printf 'gitdir: %s\n' "$(git -C "$top/$module" rev-parse --absolute-git-dir)" >"$place/elsewhere/source/$module/.git"
	done
}
[ -z "$top" ] || copy_checkout
GIT_OPTIONAL_LOCKS=0
export GIT_OPTIONAL_LOCKS

varied="folder, umask, time zone"
umask 077
TZ=XST-12:45
export TZ
unset LC_ALL LANGUAGE LC_CTYPE LC_COLLATE LC_MESSAGES LC_NUMERIC LC_TIME
LANG=C
for locale in $(locale -a 2>/dev/null); do
	case $locale in
	C | C.* | POSIX) ;;
	tr_TR.*) LANG=$locale && break ;; # its i is not everybody's
	*) [ "$LANG" != C ] || LANG=$locale ;;
	esac
done
LC_ALL=$LANG
export LANG LC_ALL
varied="$varied, locale ($LANG)"
if command -v taskset >/dev/null; then
	processors=$(taskset -cp $$)
	processors=${processors##*: }
	set -- taskset -c "${processors%%[,-]*}" "$@"
	varied="$varied, processors"
else
	echo "reproduce: the number of processors is not varied: there is no taskset (util-linux)" >&2
fi
if command -v faketime >/dev/null; then
	# Files keep the times that they have.
	NO_FAKE_STAT=1
	export NO_FAKE_STAT
	set -- faketime -f +400d "$@"
	varied="$varied, clock"
else
	echo "reproduce: the clock is not varied: there is no faketime" >&2
fi
echo "reproduce: building again with another $varied"
cd "$copy"
exec "$@"
