
# --- The others ------------------------------------------------------------------------------

case $_command in
console_clean) console_clean "$@" ;;
attach) attach ;;
reboot) reboot "$@" ;;
describe) describe ;;
versions) versions ;;
unpack) unpack "$@" ;;
install | upgrade | downgrade) install "$@" ;;
--recover) recover_dead "${1:-}" ;;
--configuration) tell_configuration "$@" ;;
remove) remove "$@" ;;
eval) evaluate "$@" ;;
command) evaluate_command "$@" ;;
escript) escript "$@" ;;
reload_config) reload_config ;;
remote) remote ;;
help) help "$@" ;;
*) no_command "$_command" ;;
esac
