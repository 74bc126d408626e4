
# --- Main ------------------------------------------------------------------------------------

case ${1:-help} in
--run-daemon | --run-daemon_iex) RELEASE_COMMAND=${1#--run-} ;;
--hooks) ;; # what the VM was started with
*) RELEASE_COMMAND=${1:-help} ;;
esac
find_root
find_release
if [ -r "$version_dir/env.sh" ]; then
	# shellcheck source=/dev/null
	. "$version_dir/env.sh"
fi
settle
command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
stop | restart | ping | pid | remote | version | --version)
	[ $# -eq 0 ] || fail 2 "$command takes no arguments; see $RELEASE_PROG help $command"
	;;
esac
case $command in
start | start_iex | daemon | daemon_iex | remote | rpc | eval | ping | pid | stop | restart | --run-daemon*) find_runtime ;;
esac
case $command in
start) start "$@" ;;
start_iex)
	need_elixir
	start "$@"
	;;
--run-daemon | --run-daemon_iex)
	# daemon waits for what becomes of this.
	trap 'echo failed >"$node_dir/pid"' EXIT
	start "$@"
	;;
daemon) daemon "$@" ;;
daemon_iex)
	need_elixir
	daemon "$@"
	;;
stop) stop ;;
restart) restart ;;
ping) ping ;;
pid) pid ;;
rpc) rpc "$@" ;;
eval) evaluate "$@" ;;
remote) remote ;;
version | --version) say "$RELEASE_NAME $RELEASE_VSN" ;;
help | -h | --help) help "$@" ;;
--hooks) run_hooks "$1" ;;
*)
	! is_own_command "$command" || exec "$version_dir/commands/$command" "$@"
	no_command "$command"
	;;
esac
