
# --- Help ------------------------------------------------------------------------------------

usage() {
	say "usage: ${0##*/} COMMAND [ARGUMENT...]

  start     run the system in the foreground
  daemon    run it in the background
  stop      stop it and wait until it is gone
  restart   restart the applications, not the process
  ping      ask whether it answers
  pid       print its process id
  rpc       evaluate an expression in the running system
  eval      evaluate an expression in a new VM
  remote    open a shell in the running system
  version   print name and version
  help      this, or with a command what it does"
	for own in "$version_dir/commands/"*; do
		own=${own##*/}
		! is_own_command "$own" || say "  $own"
	done
}

# Commands of this release itself: programs that find all they need in the environment.
is_own_command() {
	case $1 in
	*/* | .* | '') return 1 ;;
	esac
	[ -f "$version_dir/commands/$1" ] && [ -x "$version_dir/commands/$1" ]
}

help() {
	case ${1:-} in
	'') usage ;;
	start) say "start [ARGUMENT...]

Runs the pre_start hooks, then the system in the foreground, until it stops or gets SIGTERM.
The arguments are the plain arguments of the VM." ;;
	daemon) say "daemon [ARGUMENT...]

As start, in the background under run_erl; waits until the system is up, for at most
RELEASE_START_TIMEOUT seconds (60). Output goes to $RELEASE_TMP/log, pipes for to_erl are
in $RELEASE_TMP/pipe." ;;
	stop) say "stop

Stops the system as SIGTERM does and waits until its process and the stop hooks have ended;
for at most RELEASE_STOP_TIMEOUT seconds (60)." ;;
	restart) say "restart

Stops all applications and starts them again in the same process: init:restart()." ;;
	ping) say "ping

Prints pong if the system answers; else says why not and exits with 1." ;;
	pid) say "pid

Prints the process id of the VM." ;;
	rpc) say "rpc EXPRESSION

Evaluates Erlang in the running system. What it prints is shown, then its value, unless that is
ok. An exception is reported on stderr, with exit status 1." ;;
	eval) say "eval EXPRESSION [ARGUMENT...]

Evaluates Erlang in a new VM that has the code and the configuration of the release, but starts
none of its applications. Args is the list of the arguments. The value is shown unless it is ok;
an exception is reported on stderr, with exit status 1." ;;
	remote) say "remote

Opens an Erlang shell in the running system. Leave it with Ctrl+G q; q(). stops the system." ;;
	version) say "version

Prints the name and the version of the release." ;;
	help) say "help [COMMAND]

Lists the commands, or tells what one does." ;;
	*)
		is_own_command "$1" || no_command "$1"
		say "$1 [ARGUMENT...]

A command of this release's own: runs, with the arguments,
$version_dir/commands/$1" ;;
	esac
}

no_command() {
	find_hint "$1"
	[ -z "$hint" ] || fail 1 "there is no command '$1': $hint"
	warn "there is no command '$1'"
	usage >&2
	exit 1
}

# Sets `hint` to what a command of other tools is called here, or to those that begin as $1 does.
find_hint() {
	hint=''
	case $1 in
	foreground | run) hint="here it is 'start'" ;;
	console | console_clean) hint="use 'start', and 'remote' from another terminal" ;;
	attach | daemon_attach | remote_console | remote_shell | remsh) hint="here it is 'remote'" ;;
	rpcterms) hint="here it is 'rpc'" ;;
	command | escript) hint="use 'eval'" ;;
	reboot) hint="use 'stop', and then 'start' or 'daemon'" ;;
	status) hint="use 'ping' or 'pid'" ;;
	esac
	[ -z "$hint" ] && [ "${#1}" -ge 2 ] || return 0
	for name in start daemon stop restart ping pid rpc eval remote version help "$version_dir/commands/"*; do
		name=${name##*/}
		case $name in
		"${1%"${1#??}"}"?*) hint="$hint${hint:+, }'$name'" ;;
		esac
	done
	[ -z "$hint" ] || hint="did you mean $hint?"
}
