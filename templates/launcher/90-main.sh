
# --- Main ------------------------------------------------------------------------------------

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
if [ -r "$version_dir/env.sh" ]; then
	# shellcheck source=/dev/null
	. "$version_dir/env.sh"
fi
settle
typed=${1:-help}
[ $# -eq 0 ] || shift
case $command in
attach | describe | ping | pid | reload_config | remote | restart | status | stop | version | versions)
	[ $# -eq 0 ] || fail 2 "$typed takes no arguments; see $RELEASE_PROG help $typed"
	;;
esac
is_known "$command" || no_command "$command"
case $command in
help | version | versions | status) ;;
*)
	find_runtime
	export_context
	;;
esac
case $command in
console_boot | daemon_boot)
	set_boot_script "$@"
	shift
	command=$RELEASE_COMMAND
	;;
*_iex) need_elixir ;;
esac
case $command in
--hooks | --run-*) ;;
*) HOOK_CAUSE=$cause ;;
esac
export HOOK_CAUSE
if [ "$cause" = heart ]; then
	start_again "$@"
	exit
fi
case $command in
start | start_iex | console) start "$@" ;;
--run-*)
	# daemon waits for what becomes of this.
	trap 'echo failed >"$node_dir/pid"' EXIT
	start "$@"
	;;
daemon | daemon_iex | daemon_console) daemon "$@" ;;
console_clean) console_clean "$@" ;;
attach) attach ;;
stop) stop ;;
restart) restart ;;
reboot) reboot "$@" ;;
ping) ping ;;
pingpeer) pingpeer "$@" ;;
pid) pid ;;
status) status ;;
describe) describe ;;
versions) versions ;;
rpc) rpc "$@" ;;
rpcterms) rpc_terms "$@" ;;
eval) evaluate "$@" ;;
command) evaluate_command "$@" ;;
escript) escript "$@" ;;
reload_config) reload_config ;;
remote) remote ;;
version) say "$RELEASE_NAME $RELEASE_VSN" ;;
help) help "$@" ;;
--hooks) run_hooks "$1" ;;
*) run_own_command "$@" ;;
esac
