
# --- Help ------------------------------------------------------------------------------------

_aliases='foreground start_boot daemon_attach remote_console remote_shell remsh getpid uninstall'

usage() {
	say "usage: ${0##*/} COMMAND [ARGUMENT...]

  start          run the system in the foreground
  start_iex      the same, with the shell of Elixir
  console        the same, with a shell: Elixir's if there is one, or Erlang's
  daemon         run it in the background
  daemon_iex     the same, with the shell of Elixir to attach to
  daemon_console the same, with a shell to attach to
  console_boot   console with another boot script
  daemon_boot    daemon with another boot script (start_boot)
  console_clean  open a shell with nothing of the system started
  attach         join the terminal of what runs in the background (daemon_attach)
  stop           stop it and wait until it is gone
  restart        restart the applications, not the process
  reboot         stop what runs in the background and start it again

  ping           ask whether it answers
  pingpeer       ask it whether another node answers
  pid            print its process id
  status         tell whether it runs
  remote         open a shell in the running system (remote_console, remsh)
  rpc            evaluate an expression in the running system
  rpcterms       call a function in the running system
  reload_config  read the configuration of the running system again

  eval           evaluate an expression in a new VM
  command        call a function in a new VM
  escript        run an escript with the runtime and code of the release

  versions       list the versions and which of them runs
  unpack         unpack another version beside the one that runs
  install        let the running system become that version
  upgrade        the same, to a later version
  downgrade      the same, to an earlier version
  remove         remove a version that does not run (uninstall)

  describe       tell what there is: folders, node, hooks
  version        print name and version
  help           this, or with a command what it does"
	for _own in "$_version_dir/commands/"*; do
		_own=${_own##*/}
		is_built_in "$_own" || ! is_own_command "$_own" || say "  $_own"
	done
}

help() {
	[ -n "${1:-}" ] || {
		usage
		return 0
	}
	_command=$1
	real_name
	if help_to_run || help_to_ask || help_to_upgrade; then
		[ "$_command" = "$1" ] || say "
Here it is '$_command'; '$1' is another name for it."
		return 0
	fi
	is_own_command "$1" || no_command "$1"
	say "$1 [ARGUMENT...]

A command of this release's own: runs, with the arguments,
$_version_dir/commands/$1"
}

# False for a command that it does not know.
help_to_run() {
	case $_command in
	start) say "start [ARGUMENT...]

Runs the pre_start hooks, then the system in the foreground, until it stops or gets SIGTERM.
The arguments are the plain arguments of the VM." ;;
	start_iex) say "start_iex [ARGUMENT...]

As start, with IEx in the same terminal; Ctrl+C twice stops the system." ;;
	console) say "console [ARGUMENT...]

As start, with an Erlang shell in the same terminal; q(). stops the system. In a release with Elixir
it is start_iex." ;;
	daemon) say "daemon [ARGUMENT...]

As start, in the background under run_erl; waits until the system is up, for at most
RELEASE_START_TIMEOUT seconds (60). Output goes to $RELEASE_TMP/log, pipes for to_erl are
in $RELEASE_TMP/pipe." ;;
	daemon_iex) say "daemon_iex [ARGUMENT...]

As daemon, with IEx, which 'attach' shows." ;;
	daemon_console) say "daemon_console [ARGUMENT...]

As daemon, with an Erlang shell, which 'attach' shows. In a release with Elixir it is daemon_iex." ;;
	console_boot | daemon_boot) say "$_command FILE [ARGUMENT...]

As ${_command%_boot}, with the boot script FILE: the name of one in
$_version_dir, or a path." ;;
	console_clean) say "console_clean [ARGUMENT...]

Opens a shell in a new VM that has the code and the configuration of the release, but starts none
of its applications and no distribution." ;;
	attach) say "attach

Joins the terminal of a system that runs in the background, by to_erl; with daemon itself there is
no shell in it, only what the system prints. Leave it with Ctrl+D." ;;
	stop) say "stop

Stops the system as SIGTERM does and waits until its process and the stop hooks have ended;
for at most RELEASE_STOP_TIMEOUT seconds (60)." ;;
	restart) say "restart

Stops all applications and starts them again in the same process: init:restart()." ;;
	reboot) say "reboot [ARGUMENT...]

Stops a system that runs in the background and starts it again, as a new process, the way it was
started before, with these arguments." ;;
	escript) say "escript FILE [ARGUMENT...]

Runs an escript in a new VM that has the code and the configuration of the release. FILE is looked
for here and in $RELEASE_ROOT." ;;
	*) return 1 ;;
	esac
}

help_to_ask() {
	_language=Erlang _argv=Args _value='then its value'
	_shell='an Erlang shell in the running system. Leave it with Ctrl+G q; q(). stops the system'
	if [ -n "$_elixir_version" ]; then
		_language=Elixir _argv='System.argv()' _value='and the value of a function that is called'
		_shell='IEx in the running system. Leave it with Ctrl+C twice; System.stop() stops the system'
	fi
	case $_command in
	ping) say "ping

Prints pong if the system answers; else says why not and exits with 1." ;;
	pingpeer) say "pingpeer NODE

Prints pong if the running system reaches the node NODE." ;;
	pid) say "pid

Prints the process id of the VM." ;;
	status) say "status

Tells whether the system runs, from its process: status 0 when it is up, else 1." ;;
	rpc) say "rpc EXPRESSION
rpc --file FILE
rpc --mfa MODULE.FUNCTION/ARITY [--argv] ARGUMENT...
rpc MODULE FUNCTION [ARGUMENTS]

Evaluates $_language in the running system, or calls a function there: with --mfa it gets the arguments
as texts (with --argv one list of them), else ARGUMENTS is a list in Erlang. What it prints is
shown, $_value, unless that is ok. An exception is reported on
stderr, with exit status 1." ;;
	rpcterms) say "rpcterms MODULE FUNCTION [ARGUMENTS]

As rpc: calls a function in the running system. ARGUMENTS is a list in Erlang, such as \"[1, a]\"." ;;
	eval) say "eval EXPRESSION [ARGUMENT...]
eval --file FILE [ARGUMENT...]
eval --mfa MODULE.FUNCTION/ARITY [--argv] ARGUMENT...

Evaluates $_language in a new VM that has the code and the configuration of the release, but starts
none of its applications. $_argv is the list of the arguments. What it prints is shown,
$_value, unless that is ok. An exception is reported on stderr,
with exit status 1." ;;
	command) say "command MODULE FUNCTION [ARGUMENT...]

As eval --mfa MODULE.FUNCTION/1 --argv: calls a function with the list of the arguments." ;;
	remote) say "remote

Opens $_shell." ;;
	reload_config) say "reload_config

The running system reads $RELEASE_SYS_CONFIG.config again, and what its
config providers add; sets what differs, prints it, and tells the applications (config_change)." ;;
	describe) say "describe

Prints version, folders, node, files and hooks of the release." ;;
	version) say "version

Prints the name and the version of the release." ;;
	help) say "help [COMMAND]

Lists the commands, or tells what one does." ;;
	*) return 1 ;;
	esac
}

help_to_upgrade() {
	case $_command in
	versions) say "versions

Lists the versions and their status: permanent (starts next; runs unless another one is current), current (runs),
old (has run) or unpacked. From the running system, else from $RELEASE_ROOT/releases." ;;
	unpack) say "unpack VERSION
unpack FILE

Verifies a package and has release_handler unpack it beside the version that runs. The package of VERSION is
$RELEASE_ROOT/releases/${release_name}-VERSION.tar.gz, or VERSION/${release_name}.tar.gz there; it stays." ;;
	install | upgrade | downgrade) say "$_command VERSION [--no-permanent]

The running system becomes VERSION without a stop: unpacks it if need be, evaluates its configuration, runs its
pre_upgrade hooks, lets release_handler install it, looks whether all applications run, runs its post_upgrade hooks,
and makes it the version that starts from now on (not with --no-permanent). When a check or hook
fails the system goes back to the version before. 'upgrade' and 'downgrade' insist on the direction." ;;
	remove) say "remove VERSION

Removes a version that neither runs nor is permanent, with all that no other version needs." ;;
	*) return 1 ;;
	esac
}

no_command() {
	find_hint "$1"
	[ -z "$_hint" ] || fail 1 "there is no command '$1': $_hint"
	warn "there is no command '$1'"
	usage >&2
	exit 1
}

# Sets `hint` to what to use instead of a command of other tools, or to those that begin as $1 does.
find_hint() {
	_hint=''
	find_use "$1"
	[ -z "$_hint" ] && [ "${#1}" -ge 2 ] || return 0
	for _name in $_commands $_aliases "$_version_dir/commands/"*; do
		_name=${_name##*/}
		case $_name in
		"${1%"${1#??}"}"?*) _hint="$_hint${_hint:+, }'$_name'" ;;
		esac
	done
	[ -z "$_hint" ] || _hint="did you mean $_hint?"
}

# For commands of other tools that are not here: sets `hint` to what to use.
find_use() {
	case $1 in
	info) _hint="use 'describe', or 'rpc' with what you want to know" ;;
	esac
}
