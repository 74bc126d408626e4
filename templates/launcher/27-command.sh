
# --- The command -----------------------------------------------------------------------------
#
# A shell reads its script as it goes, so the parts stand in the order in which commands need them, and each
# command runs as soon as all is read that it needs: what is asked often, or starts the system, has little to read.

commands='start start_iex console daemon daemon_iex daemon_console console_clean console_boot daemon_boot attach stop restart
	reboot ping pingpeer pid status describe versions version rpc rpcterms eval command escript
	reload_config remote help'

# Sets `command` to what $command is called here, where that is all the difference. The shell of a
# release with Elixir is IEx.
real_name() {
	console=console
	[ -z "$elixir_version" ] || console=start_iex
	case $command in
	foreground | run) command=start ;;
	console) command=$console ;;
	daemon_console) [ -z "$elixir_version" ] || command=daemon_iex ;;
	remote_console | remote_shell | remsh) command=remote ;;
	daemon_attach) command=attach ;;
	start_boot) command=daemon_boot ;;
	getpid) command=pid ;;
	--version) command=version ;;
	-h | --help) command=help ;;
	esac
}

# Commands of this release itself: programs that find all they need in the environment.
is_own_command() {
	case $1 in
	*/* | .* | '') return 1 ;;
	esac
	[ -f "$version_dir/commands/$1" ] && [ -x "$version_dir/commands/$1" ]
}

is_built_in() {
	for name in $commands --hooks --run-daemon --run-daemon_iex --run-daemon_console; do
		[ "$name" != "$1" ] || return 0
	done
	return 1
}

# env.sh of a rebar3 project whose vm.args.src names the node has put into `node_needs` which variables it missed. A start
# with templates goes on until it knows what else is missing.
name_is_missing() {
	case $command in
	help | version | versions) return 0 ;;
	esac
	warn "the name of the node needs variables that are not set:$node_needs"
	case $command in
	start* | console | console_boot | daemon* | --run-*) ! has_templates || return 0 ;;
	esac
	fail 2 "set these variables in the environment, or RELEASE_NODE"
}

has_templates() {
	[ -e "$version_dir/sys.config.sh" ] || [ -e "$version_dir/vm.args.sh" ]
}

# What authors of commands and hooks need, beside the variables of the release.
export_context() {
	RELEASE_LIB=$RELEASE_ROOT/lib
	RELEASE_VERSION_DIR=$version_dir
	RELEASE_LAUNCHER=$launcher
	export RELEASE_LIB RELEASE_VERSION_DIR RELEASE_LAUNCHER
}

# A fault in env.sh, or in its last line a test that is false, ends the launcher without a word.
end_of_env_sh() {
	[ "$1" -eq 0 ] || warn "nothing was done, as $version_dir/env.sh ended with status $1"
}

command=${1:-help} cause=start
if [ "$command" = --again ] && [ $# -ge 2 ]; then
	cause=heart
	shift
	command=$1
fi
real_name
case $command in
--run-*) RELEASE_COMMAND=${1#--run-} ;;
--hooks) ;; # what the VM was started with
console_boot) RELEASE_COMMAND=$console ;;
daemon_boot) RELEASE_COMMAND=daemon ;;
*) RELEASE_COMMAND=$command ;;
esac
find_root
find_release
# shellcheck disable=SC2034 # for the env.sh of mix projects
REL_VSN_DIR=$version_dir
node_needs=''
if [ -r "$version_dir/env.sh" ]; then
	trap 'end_of_env_sh $?' EXIT
	# shellcheck source=/dev/null
	. "$version_dir/env.sh"
	trap - EXIT
	# What it has set for its own lines does not hold for those below; least of all that all is exported.
	unset IFS
	set -e +aCfu
fi
[ -z "$node_needs" ] || name_is_missing
settle
typed=${1:-help}
[ $# -eq 0 ] || shift
case $command in
attach | describe | ping | pid | reload_config | remote | restart | status | stop | version | versions)
	[ $# -eq 0 ] || fail 2 "$typed takes no arguments; see $RELEASE_PROG help $typed"
	;;
esac
if [ "$command" = version ]; then
	say "$RELEASE_NAME $RELEASE_VSN"
	exit
fi
case $command in
--hooks | --run-*) ;;
*) HOOK_CAUSE=$cause ;;
esac
export HOOK_CAUSE
# It is the file of another launcher, whose hook has called this one.
unset HOOK_ENV
if is_built_in "$command"; then
	case $command in
	help | versions | status) ;;
	*)
		find_runtime
		export_context
		;;
	esac
elif is_own_command "$command"; then
	find_runtime
	export_context
	exec "$version_dir/commands/$command" "$@"
fi
