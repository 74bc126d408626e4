
# --- The command -----------------------------------------------------------------------------
#
# A shell reads its script as it goes, so the parts stand in the order in which commands need them, and each
# command runs as soon as all is read that it needs: what is asked often, or starts the system, has little to read.

_commands='start start_iex console daemon daemon_iex daemon_console console_clean console_boot daemon_boot attach stop restart
	reboot ping pingpeer pid status describe versions version rpc rpcterms eval command escript
	reload_config remote unpack install upgrade downgrade remove help'

# Sets `command` to what $_command is called here, where that is all the difference. The shell of a
# release with Elixir is IEx.
real_name() {
	_console=console
	[ -z "$_elixir_version" ] || _console=start_iex
	case $_command in
	foreground | run) _command=start ;;
	console) _command=$_console ;;
	daemon_console) [ -z "$_elixir_version" ] || _command=daemon_iex ;;
	remote_console | remote_shell | remsh) _command=remote ;;
	daemon_attach) _command=attach ;;
	start_boot) _command=daemon_boot ;;
	getpid) _command=pid ;;
	uninstall) _command=remove ;;
	--version) _command=version ;;
	-h | --help) _command=help ;;
	esac
}

# Commands of this release itself: programs that find all they need in the environment.
is_own_command() {
	case $1 in
	*/* | .* | '') return 1 ;;
	esac
	[ -f "$_version_dir/commands/$1" ] && [ -x "$_version_dir/commands/$1" ]
}

is_built_in() {
	for _name in $_commands --hooks --configuration --recover --run-daemon --run-daemon_iex --run-daemon_console; do
		[ "$_name" != "$1" ] || return 0
	done
	return 1
}

# env.sh of a rebar3 project whose vm.args.src names the node has put into `_node_needs` which variables it missed. A start
# with templates goes on until it knows what else is missing.
name_is_missing() {
	case $_command in
	help | version | versions) return 0 ;;
	esac
	warn "the name of the node needs variables that are not set:$_node_needs"
	case $_command in
	start* | console | console_boot | daemon* | --run-*) ! has_templates || return 0 ;;
	esac
	fail 2 "set these variables in the environment, or RELEASE_NODE"
}

has_templates() {
	[ -e "$_version_dir/sys.config.sh" ] || [ -e "$_version_dir/vm.args.sh" ]
}

# What authors of commands and hooks need, beside the variables of the release.
export_context() {
	RELEASE_LIB=$RELEASE_ROOT/lib
	RELEASE_VERSION_DIR=$_version_dir
	RELEASE_LAUNCHER=$_launcher
	export RELEASE_LIB RELEASE_VERSION_DIR RELEASE_LAUNCHER
}

# A fault in env.sh, or in its last line a test that is false, ends the launcher without a word.
end_of_env_sh() {
	[ "$1" -eq 0 ] || warn "nothing was done, as $_version_dir/env.sh ended with status $1"
}

_command=${1:-help} _cause=start
if [ "$_command" = --again ] && [ $# -ge 2 ]; then
	_cause=heart
	shift
	_command=$1
fi
real_name
case $_command in
--run-*) RELEASE_COMMAND=${1#--run-} ;;
--hooks | --recover) ;; # what the VM was started with
--configuration) RELEASE_COMMAND=start ;;
console_boot) RELEASE_COMMAND=$_console ;;
daemon_boot) RELEASE_COMMAND=daemon ;;
*) RELEASE_COMMAND=$_command ;;
esac
find_root
find_release
# shellcheck disable=SC2034 # for the env.sh of mix projects
REL_VSN_DIR=$_version_dir
_node_needs=''
if [ -r "$_version_dir/env.sh" ]; then
	trap 'end_of_env_sh $?' EXIT
	# shellcheck source=/dev/null
	. "$_version_dir/env.sh"
	trap - EXIT
	# What it has set for its own lines does not hold for those below; least of all that all is exported.
	unset IFS
	set -e +aCfu
fi
[ -z "$_node_needs" ] || name_is_missing
settle
_typed=${1:-help}
[ $# -eq 0 ] || shift
case $_command in
attach | describe | ping | pid | reload_config | remote | restart | status | stop | version | versions)
	[ $# -eq 0 ] || fail 2 "$_typed takes no arguments; see $RELEASE_PROG help $_typed"
	;;
esac
if [ "$_command" = version ]; then
	say "$RELEASE_NAME $RELEASE_VSN"
	exit
fi
case $_command in
--hooks | --run-*) ;;
*) HOOK_CAUSE=$_cause ;;
esac
export HOOK_CAUSE
# It is the file of another launcher, whose hook has called this one.
unset HOOK_ENV
if is_built_in "$_command"; then
	case $_command in
	help | versions | status | --recover) ;;
	*)
		find_runtime
		export_context
		;;
	esac
elif is_own_command "$_command"; then
	find_runtime
	export_context
	exec "$_version_dir/commands/$_command" "$@"
fi
