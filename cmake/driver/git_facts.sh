#!/bin/sh
# git_facts.sh GIT FOLDER BUILD OUTPUT EXTENDS: the revision of the checkout that FOLDER is in, and where it was cloned from, as a
# spec that extends EXTENDS (a YAML string). OUTPUT is written only when it becomes another: who depends on it runs only then.
#
# Without a checkout, or when FOLDER is nothing that git keeps, it says nothing. -dirty: something that git would commit is not
# committed, BUILD aside.
set -eu
git=$1 folder=$2 build=$3 output=$4 extends=$5
export LC_ALL=C

# Within a hook of git these say which repository is meant: not ours.
# shellcheck disable=SC2046 # names of variables
unset $("$git" rev-parse --local-env-vars)

facts() {
	revision=$("$git" -C "$folder" rev-parse --verify --quiet HEAD) || return 0
	[ -n "$("$git" -C "$folder" ls-files -- . | head -n 1)" ] || return 0
	top=$("$git" -C "$folder" rev-parse --show-toplevel)
	set -- "$git" --no-optional-locks -C "$top" status --porcelain -- .
	case $build/ in
	"$top"/) ;;
	"$top"/*) set -- "$@" ":(exclude,top,literal)${build#"$top"/}" ;;
	esac
	# What git cannot tell, and says so, is not called clean.
	changes=$("$@") || changes=unknown
	[ -z "$changes" ] || revision=$revision-dirty
	source=$(url "$("$git" -C "$folder" config --get remote.origin.url || :)")
	echo "image:"
	[ -z "$source" ] || echo "  source: \"$source\""
	echo "  revision: \"$revision\""
}

# What others can clone from: no path of this machine, and no password or token.
url() {
	case $1 in
	http://* | https://*) set -- "${1%%://*}" "${1#*://}" ;;
	ssh://* | git://*)
		# The user is part of the address, a password is not.
		set -- "${1%%://*}" "${1#*://}"
		case ${2%%/*} in *:*@*) set -- "$1" "${2%%:*}@${2#*@}" ;; esac
		;;
	/* | ./* | ../* | *[!A-Za-z0-9._-]*@*) return 0 ;;
	*@*:*) set -- ssh "${1%%:*}/${1#*:}" ;;
	*) return 0 ;;
	esac
	case $1 in http | https) case ${2%%/*} in *@*) set -- "$1" "${2#*@}" ;; esac ;; esac
	set -- "$1" "${2%%[?#]*}"
	case $2 in *[!A-Za-z0-9._~:/@%+=,-]*) return 0 ;; esac
	echo "$1://$2"
}

text=$(
	echo "release:"
	echo "  extends: $extends"
	facts
)
[ -f "$output" ] && [ "$text" = "$(cat "$output")" ] && exit 0
printf '%s\n' "$text" >"$output.new"
mv "$output.new" "$output"
