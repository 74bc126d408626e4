#!/bin/sh
# rehearse.sh PLACE PACKAGE KEY=VALUE... -- OLD...
# Upgrades each OLD release, while it runs, to what the upgrade PACKAGE holds, and takes it back; fails when anything is lost on the way.
#
#   timeout=SECONDS    for each OLD; 120 if not given
#   load=PROGRAM       runs from before the upgrade until after the downgrade, when SIGTERM ends it; must end with status 0
#   probe=PROGRAM      is called with `up VERSION` after the upgrade and `down VERSION` after the downgrade; must end with status 0
#   env=NAME=VALUE     for the release and both programs; @FREE_PORT@ is a free port of the loopback interface
#
# OLD and PACKAGE are archives of releases with a runtime. Each OLD has a folder PLACE/VERSION: the release is in root/, logs are beside
# it. After a success only the logs stay. PLACE is removed first, and must not hold anything else.
set -u
# shellcheck source=cmake/driver/rehearse_look.sh
. "${0%/*}/rehearse_look.sh"

place=$1 package=$2
shift 2
case $place in
/*/?*) ;;
*) echo "rehearse: '$place' is no absolute path to a folder of its own" >&2 && exit 1 ;;
esac

# Whatever is set for other releases or VMs must not reach this one.
# shellcheck disable=SC2046 # names of variables
unset ROOTDIR BINDIR EMU PROGNAME $(env | sed -n -e 's/^\(RELEASE_[A-Za-z0-9_]*\)=.*/\1/p' -e 's/^\(ERL_[A-Za-z0-9_]*\)=.*/\1/p')

timeout=120 load='' probe='' ported=''
while [ "$1" != -- ]; do
	case $1 in
	timeout=*) timeout=${1#*=} ;;
	load=*) load=${1#*=} ;;
	probe=*) probe=${1#*=} ;;
	env=*)
		pair=${1#*=}
		export "${pair?}"
		case $pair in *@FREE_PORT@*) ported="$ported ${pair%%=*}" ;; esac
		;;
	*) echo "rehearse: what is '$1'?" >&2 && exit 1 ;;
	esac
	shift
done
shift

# --- Saying what is wrong --------------------------------------------------------------------

from='' to='' step='' folder='' launcher='' root='' direction='' context=''

# fail TEXT...: with what was said in the file $said, indented.
said=''
fail() {
	where="${from:+from $from }${to:+to $to}${step:+: $step}"
	{
		echo "rehearse: ${where:+$where: }$*"
		if [ -n "$said" ] && [ -s "$said" ]; then
			echo "    the end of $said:"
			tail -n 30 "$said" | sed 's/^/    | /'
		fi
		if [ -n "$folder" ] && [ -s "$folder/errors" ] && [ "$said" != "$folder/deaths.log" ]; then
			echo "    errors that the node has logged, $folder/errors:"
			tail -n 5 "$folder/errors" | cut -c 1-300 | sed 's/^/    | /'
		fi
		[ -z "$folder" ] || echo "    $folder has the release, in root, and all logs; it stays until the next run"
	} >&2
	exit 1
}

# --- Programs with a limit -------------------------------------------------------------------

seconds() {
	date +%s
}
pause() {
	sleep 0.1 2>/dev/null || sleep 1
}

# begin NAME COMMAND...: in the background. What it says is in NAME.log, its process in NAME.pid, its status, once it has ended,
# in NAME.status.
begin() {
	name=$folder/$1
	shift
	rm -f "$name.status" "$name.pid"
	(
		trap - EXIT
		[ -z "$context" ] || tell
		sh -c 'echo $$ >"$1.pid"; shift; exec "$@"' begin "$name" "$@" >"$name.log" 2>&1 </dev/null && status=0 || status=$?
		echo "$status" >"$name.new" && mv "$name.new" "$name.status"
	) &
}

# await NAME: until it has ended, as long as there is time. Sets status.
await() {
	until [ -e "$folder/$1.status" ]; do
		[ "$(seconds)" -lt "$deadline" ] || return 1
		pause
	done
	read -r status <"$folder/$1.status"
}

# finish NAME: it is to end now.
finish() {
	[ ! -e "$folder/$1.status" ] && [ -s "$folder/$1.pid" ] || return 0
	read -r pid <"$folder/$1.pid"
	for signal in TERM KILL; do
		kill "-$signal" "$pid" 2>/dev/null
		tries=50
		while [ ! -e "$folder/$1.status" ] && [ $tries -gt 0 ]; do
			tries=$((tries - 1))
			pause
		done
		[ ! -e "$folder/$1.status" ] || return 0
	done
}

# must NAME WHAT COMMAND...: ends with status 0, in time. WHAT it is, for messages.
must() {
	said=$folder/$1.log
	must_name=$1 must_what=$2
	shift 2
	begin "$must_name" "$@"
	if ! await "$must_name"; then
		finish "$must_name"
		fail "$must_what had not ended when $timeout seconds had passed since the start; give a longer TIMEOUT if that is too short"
	fi
	[ "$status" -eq 0 ] || fail "$must_what ended with status $status"
	said=''
}

# ---- The node -------------------------------------------------------------------------------

# ask NAME VERSION: looks at the node, which ought to run VERSION.
ask() {
	strings=''
	for string in "$name_of_release" "$2" "$from" "$to" "$folder/errors" "$folder/processes"; do
		strings="$strings${strings:+, }\"$(printf '%s\n' "$string" | sed 's/[\\"]/\\&/g')\""
	done
	must "$1" "the question after versions and processes" "$launcher" rpc erlang apply "[$look, [$strings]]"
	[ ! -s "$folder/$1.log" ] || {
		said=$folder/$1.log
		fail "the release is not as it should be in version $2"
	}
}

# What the node has said of processes that died, behind the first $1 lines.
deaths() {
	[ -e "$folder/errors" ] || return 0
	tail -n "+$(($1 + 1))" "$folder/errors" |
		grep -i -e terminat -e crasher: -e shutdown_error -e start_error -e 'error in process' -e 'failed to start' -e 'caused shutdown' \
			>"$folder/deaths.log" || return 0
	said=$folder/deaths.log
	fail "processes of the release have died"
}
errors() {
	if [ -e "$folder/errors" ]; then wc -l <"$folder/errors"; else echo 0; fi
}

# The processes whose program is in the release, or whose command names it. epmd is there for all nodes of the machine.
leftovers() {
	[ -n "$root" ] || return 0
	printf '%s/\n' "$root" >"$folder/pattern"
	{
		# shellcheck disable=SC2010,SC2012 # the names are numbers
		ls -l /proc/[0-9]*/exe 2>/dev/null | grep -F -f "$folder/pattern" | grep -v '/epmd$'
		grep -l -F -f "$folder/pattern" /proc/[0-9]*/cmdline 2>/dev/null
	} | sed 's|^\(.* \)*/proc/\([0-9]*\)/.*|\2|' | sort -u
}

# A port of the loopback interface that nobody uses.
free_port() {
	ROOTDIR=$root BINDIR=$root/erts-$erts/bin EMU=beam PROGNAME=erl "$root/erts-$erts/bin/erlexec" \
		-boot "$root/releases/$from/start_clean" -noinput \
		-eval '{ok, S} = gen_tcp:listen(0, [{ip, {127, 0, 0, 1}}]), {ok, P} = inet:port(S), io:format("~w", [P]), halt().'
}

# Sets from, erts, name_of_release, folder and root: what `releases` of the unpacked release says.
unpack() {
	step=unpack
	folder=$place/unpacking root=''
	rm -rf "$folder"
	mkdir -p "$folder/root" || fail "cannot make $folder"
	# busybox wants to be told.
	case $1 in
	*gz) must unpack tar tar -xzf "$1" -C "$folder/root" ;;
	*) must unpack tar tar -xf "$1" -C "$folder/root" ;;
	esac
	erts='' from=''
	read -r erts from <"$folder/root/releases/start_erl.data" || :
	[ -n "$from" ] || fail "$1 has no releases/start_erl.data: it is not the archive of a release"
	case $from in
	*/* | . | .. | unpacking) fail "$1 says that it is version '$from', which can be no name of a folder here" ;;
	esac
	[ ! -e "$place/$from" ] || fail "$1 is version $from, as one before it"
	[ -d "$folder/root/erts-$erts" ] || fail "$1 has no runtime erts-$erts"
	for rel in "$folder/root/releases/$from/"*.rel; do
		name_of_release=${rel##*/}
		name_of_release=${name_of_release%.rel}
		[ ! -x "$folder/root/bin/$name_of_release" ] || break
	done
	[ -x "$folder/root/bin/$name_of_release" ] || fail "$1 has no launcher bin/NAME for a releases/$from/NAME.rel"
	mv "$folder" "$place/$from" || fail "cannot make $place/$from"
	folder=$place/$from
	root=$folder/root launcher=$root/bin/$name_of_release
	mkdir -p "$folder/state" "$folder/tmp" "$folder/work" || fail "cannot make $folder/work"
	cd "$folder/work" || fail "cannot go to $folder/work"
	RELEASE_STATE_DIR=$folder/state RELEASE_TMP=$folder/tmp RELEASE_DISTRIBUTION=local
	RELEASE_START_TIMEOUT=$timeout RELEASE_STOP_TIMEOUT=$timeout
	export RELEASE_STATE_DIR RELEASE_TMP RELEASE_DISTRIBUTION RELEASE_START_TIMEOUT RELEASE_STOP_TIMEOUT
}

give_port() {
	[ -n "$ported" ] || return 0
	port=$(free_port)
	[ -n "$port" ] || fail "cannot find a free port with the release's runtime and its boot script start_clean"
	for variable in $ported; do
		eval "value=\$$variable"
		# shellcheck disable=SC2154 # by eval
		value=$(printf '%s\n' "$value" | sed "s/@FREE_PORT@/$port/g")
		export "$variable=$value"
	done
}

# ---- Load and probe -------------------------------------------------------------------------

# What they may know of the rehearsal; the rest is what the launcher is told, too.
tell() {
	REHEARSE_FROM=$from REHEARSE_TO=$to REHEARSE_DIRECTION=$direction REHEARSE_READY=$folder/ready
	RELEASE_ROOT=$root RELEASE_NAME=$name_of_release RELEASE_LAUNCHER=$launcher
	read -r RELEASE_NODE <"$folder/processes.node"
	export REHEARSE_FROM REHEARSE_TO REHEARSE_DIRECTION REHEARSE_READY RELEASE_ROOT RELEASE_NAME RELEASE_LAUNCHER RELEASE_NODE
}

# Goes on when the load says that it runs, or after two seconds.
start_load() {
	[ -n "$load" ] || return 0
	step='start of the load'
	context=yes
	begin load "$load"
	context=''
	tries=20
	while [ ! -e "$folder/ready" ] && [ $tries -gt 0 ]; do
		tries=$((tries - 1))
		pause
		load_runs
	done
}

load_runs() {
	[ -n "$load" ] && [ -e "$folder/load.status" ] || return 0
	await load
	said=$folder/load.log
	fail "the load, $load, has ended by itself, with status $status; it is to run until SIGTERM ends it"
}

# Each version is to serve for a while.
under_load() {
	[ -n "$load" ] || return 0
	tries=10
	while [ $tries -gt 0 ]; do
		tries=$((tries - 1))
		pause
		load_runs
	done
}

end_load() {
	[ -n "$load" ] || return 0
	step='end of the load'
	load_runs
	read -r pid <"$folder/load.pid"
	kill -TERM "$pid" 2>/dev/null
	said=$folder/load.log
	await load || fail "the load, $load, runs on after SIGTERM"
	[ "$status" -eq 0 ] || fail "the load, $load, ended with status $status, so a request has failed"
	said=''
	! grep -q . "$folder/load.log" || echo "rehearse: from $from to $to: load: $(tail -n 1 "$folder/load.log")"
}

# probe VERSION
probe() {
	[ -n "$probe" ] || return 0
	step="probe, $direction"
	context=yes
	must "probe_$direction" "the probe, $probe $direction $1," "$probe" "$direction" "$1"
	context=''
}

# ---- The rehearsal --------------------------------------------------------------------------

# move COMMAND VERSION: `upgrade` or `downgrade` of the launcher, and what must hold after it.
move() {
	step=$1
	before=$(errors)
	must "$1" "$launcher $1 $2" "$launcher" "$1" "$2"
	load_runs
	step="after the $1"
	ask "after_$1" "$2"
	deaths "$before"
	must "versions_$direction" "$launcher versions" "$launcher" versions
	grep -x -F "$2 permanent" "$folder/versions_$direction.log" >/dev/null || {
		said=$folder/versions_$direction.log
		fail "\`versions\` does not show $2 as the permanent version"
	}
	probe "$2"
	step="service after the $1"
	under_load
	deaths "$before"
}

stop() {
	step=stop
	must stop "$launcher stop" "$launcher" stop
	tries=50
	while [ -n "$(leftovers)" ]; do
		tries=$((tries - 1))
		if [ $tries -eq 0 ]; then
			# shellcheck disable=SC2046 # numbers
			set -- $(leftovers)
			fail "processes of the release are left behind: $*"
		fi
		pause
	done
}

# Whatever happens nothing of this rehearsal runs on.
clean_up() {
	[ -n "$folder" ] || return 0
	for program in "$folder/"*.pid; do
		program=${program##*/}
		finish "${program%.pid}"
	done
	tries=50
	while
		# shellcheck disable=SC2046 # numbers
		set -- $(leftovers)
		[ $# -gt 0 ] && [ $tries -gt 0 ]
	do
		kill -KILL "$@" 2>/dev/null
		tries=$((tries - 1))
		pause
	done
}

rehearse() {
	trap clean_up EXIT
	trap 'exit 1' HUP INT TERM
	deadline=$(($(seconds) + timeout))
	unpack "$1"
	[ "$from" != "$to" ] || fail "both $1 and $package hold version $to"
	give_port
	step=start
	must start "$launcher daemon" "$launcher" daemon
	ask at_start "$from"
	start_load
	step=upgrade
	cp "$package" "$root/releases/$name_of_release-$to.tar.gz" || fail "cannot copy $package"
	direction=up
	move upgrade "$to"
	direction=down
	move downgrade "$from"
	end_load
	stop
	rm -rf "$root"
	echo "rehearse: from $from to $to and back: nothing was lost"
}

for program in "$load" "$probe"; do
	[ -z "$program" ] || [ -x "$program" ] || fail "$program cannot be run: it must be an executable program; try chmod +x"
done
rm -rf "$place"
mkdir -p "$place" || fail "cannot make $place"
place=$(cd -P "$place" && pwd)
for file in "$package" "$@"; do
	[ -r "$file" ] || fail "cannot read $file"
done
# It was made by beamrel, without ./ before names.
tar -xzOf "$package" releases/start_erl.data >"$place/start_erl.data" && read -r erts to <"$place/start_erl.data"
[ -n "$to" ] || fail "$package has no releases/start_erl.data: it is no upgrade package"
rm "$place/start_erl.data"
faults=0
for old in "$@"; do
	(rehearse "$old") || faults=$((faults + 1))
done
[ $faults -eq 0 ]
