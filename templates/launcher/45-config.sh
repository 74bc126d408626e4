
# --- Configuration that is made at start -----------------------------------------------------

# sys.config of a release with runtime configuration (runtime.exs) says in its first lines whether
# the VM writes it anew: Elixir's Config.Provider runs early in the boot, keeps what it has found
# in the file that the VM was started with, and restarts the VM inside. `reboots` is set then, and
# RELEASE_SYS_CONFIG to a copy: FILE of `configure FILE`, in the folder of the node.
configure() {
	_reboots=''
	# A VM hands the name of its copy down to all that it starts, also to the launcher that heart
	# starts when the VM has died. The copy is removed if the release is made so.
	case $RELEASE_SYS_CONFIG in
	"$_node_dir"/*) [ -e "$RELEASE_SYS_CONFIG.config" ] || RELEASE_SYS_CONFIG=$_version_dir/sys ;;
	esac
	case $RELEASE_VM_ARGS in
	"$_node_dir"/*) [ -e "$RELEASE_VM_ARGS" ] || RELEASE_VM_ARGS=$_version_dir/vm.args ;;
	esac
	fill_in "$1" sys vm
	[ -n "$_elixir_version" ] || return 0
	is_written_anew "$RELEASE_SYS_CONFIG.config" || return 0
	_reboots=yes
	[ "$RELEASE_SYS_CONFIG" != "$1" ] || return 0
	make_node_dir || no_place_for_config
	command -v cat >/dev/null || fail 1 "cannot copy $RELEASE_SYS_CONFIG.config, as there is no cat in PATH"
	# Not cp, which keeps the mode; the copy holds secrets, and the VM writes to it.
	(umask 077 && exec cat "$RELEASE_SYS_CONFIG.config" >"$1.config") ||
		fail 1 "cannot write $1.config, where the configuration made at start is kept"
	RELEASE_SYS_CONFIG=$1
}

is_written_anew() {
	_first='' _second=''
	if [ -r "$1" ]; then
		{
			IFS= read -r _first
			IFS= read -r _second
		} <"$1" || :
	fi
	case $_first$_newline$_second in
	*RUNTIME_CONFIG=true*) ;;
	*) return 1 ;;
	esac
}

no_place_for_config() {
	find_whose
	fail 1 "$_fault, where the configuration made at start is kept;" \
		"set RELEASE_TMP or RELEASE_STATE_DIR to $_whose"
}

# One file for each node, which the next start overwrites.
configure_node() {
	remove_leftovers
	configure "$_node_dir/runtime"
}

# eval and visitors have files of their own, which their VM removes.
configure_eval() {
	remove_leftovers
	look_at_process $$
	configure "$_node_dir/eval.$$.$_begun"
}

# In a VM of eval whose configuration has been read.
_forget_config='[file:delete(F) || F <- [os:getenv("RELEASE_SYS_CONFIG") ++ ".config", os:getenv("RELEASE_VM_ARGS")],
	lists:prefix("eval.", filename:basename(F))].'

configure_visitor() {
	remove_leftovers
	look_at_process $$
	fill_in "$_node_dir/remote.$$.$_begun" remote
}

# What they have left that were killed while they booted.
remove_leftovers() {
	set --
	for _file in "$_node_dir"/eval.*.config "$_node_dir"/eval.*.vm.args "$_node_dir"/remote.*.vm.args; do
		[ -e "$_file" ] || continue
		_path=${_file##*/}
		_path=${_path#*.}
		_path=${_path%.config}
		_path=${_path%.vm.args}
		is_running "${_path%%.*}" "${_path#*.}" || set -- "$@" "$_file"
	done
	[ $# -eq 0 ] || rm -f "$@" || :
}

# fill_in FILE KIND...: of sys, vm and remote. What the release has as a template, and the user has
# not replaced, becomes FILE.config or FILE.vm.args, and the variable of that file names it.
fill_in() {
	_fill_target=$1 _fill_faults=$_node_needs _filled='' _sys_text='' _args_text=''
	shift
	_had_locale=${LC_ALL+yes} _old_locale=${LC_ALL:-}
	LC_ALL=C # bytes are what counts
	for _kind in "$@"; do
		case $_kind in
		sys) [ "$RELEASE_SYS_CONFIG" != "$_version_dir/sys" ] || fill_read sys.config _sys_text ;;
		vm) [ "$RELEASE_VM_ARGS" != "$_version_dir/vm.args" ] || fill_read vm.args _args_text ;;
		*) [ "$RELEASE_REMOTE_VM_ARGS" != "$_version_dir/remote.vm.args" ] || fill_read remote.vm.args _args_text ;;
		esac
	done
	if [ -n "$_had_locale" ]; then
		LC_ALL=$_old_locale
	else
		unset LC_ALL
	fi
	[ -z "$_fill_faults" ] ||
		fail 2 "nothing was started; set these variables in the environment or in $_version_dir/env.sh"
	[ -n "$_filled" ] || return 0
	make_node_dir || no_place_for_config
	case $_filled in
	*sys.config*)
		fill_write "$_fill_target.config" "$_sys_text"
		RELEASE_SYS_CONFIG=$_fill_target
		;;
	esac
	case $_filled in
	*' vm.args'*)
		fill_write "$_fill_target.vm.args" "$_args_text"
		RELEASE_VM_ARGS=$_fill_target.vm.args
		;;
	*remote*)
		fill_write "$_fill_target.vm.args" "$_args_text"
		RELEASE_REMOTE_VM_ARGS=$_fill_target.vm.args
		;;
	esac
	unset _sys_text _args_text
}

# fill_read NAME VARIABLE
fill_read() {
	[ -r "$_version_dir/$1.sh" ] || return 0
	_value=''
	# shellcheck source=/dev/null
	. "$_version_dir/$1.sh"
	eval "$2=\$_text"
	unset _text _value
	_filled="$_filled $1"
}

# When the node is gone, what it was configured with goes, too.
forget_filled() {
	[ -d "$_node_dir" ] || return 0
	set --
	for _file in "$_node_dir/runtime.config" "$_node_dir/runtime.vm.args"; do
		[ ! -e "$_file" ] || set -- "$@" "$_file"
	done
	[ $# -eq 0 ] || rm -f "$@" || :
}
