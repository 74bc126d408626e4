
# --- Configuration that is made at start -----------------------------------------------------

# sys.config of a release with runtime configuration (runtime.exs) says in its first lines whether
# the VM writes it anew: Elixir's Config.Provider runs early in the boot, keeps what it has found
# in the file that the VM was started with, and restarts the VM inside. `reboots` is set then, and
# RELEASE_SYS_CONFIG to a copy: FILE of `configure FILE`, in the folder of the node.
configure() {
	reboots=''
	# A VM hands the name of its copy down to all that it starts, also to the launcher that heart
	# starts when the VM has died. The copy is removed if the release is made so.
	case $RELEASE_SYS_CONFIG in
	"$node_dir"/*) [ -e "$RELEASE_SYS_CONFIG.config" ] || RELEASE_SYS_CONFIG=$version_dir/sys ;;
	esac
	case $RELEASE_VM_ARGS in
	"$node_dir"/*) [ -e "$RELEASE_VM_ARGS" ] || RELEASE_VM_ARGS=$version_dir/vm.args ;;
	esac
	fill_in "$1" sys vm
	[ -n "$elixir_version" ] || return 0
	is_written_anew "$RELEASE_SYS_CONFIG.config" || return 0
	reboots=yes
	[ "$RELEASE_SYS_CONFIG" != "$1" ] || return 0
	make_node_dir || no_place_for_config
	command -v cat >/dev/null || fail 1 "cannot copy $RELEASE_SYS_CONFIG.config, as there is no cat in PATH"
	# Not cp, which keeps the mode; the copy holds secrets, and the VM writes to it.
	(umask 077 && exec cat "$RELEASE_SYS_CONFIG.config" >"$1.config") ||
		fail 1 "cannot write $1.config, where the configuration made at start is kept"
	RELEASE_SYS_CONFIG=$1
}

is_written_anew() {
	first='' second=''
	if [ -r "$1" ]; then
		{
			IFS= read -r first
			IFS= read -r second
		} <"$1" || :
	fi
	case $first$newline$second in
	*RUNTIME_CONFIG=true*) ;;
	*) return 1 ;;
	esac
}

no_place_for_config() {
	find_whose
	fail 1 "$fault, where the configuration made at start is kept;" \
		"set RELEASE_TMP or RELEASE_STATE_DIR to $whose"
}

# One file for each node, which the next start overwrites.
configure_node() {
	remove_leftovers
	configure "$node_dir/runtime"
}

# eval and visitors have files of their own, which their VM removes.
configure_eval() {
	remove_leftovers
	look_at_process $$
	configure "$node_dir/eval.$$.$begun"
}

# In a VM of eval whose configuration has been read.
forget_config='[file:delete(F) || F <- [os:getenv("RELEASE_SYS_CONFIG") ++ ".config", os:getenv("RELEASE_VM_ARGS")],
	lists:prefix("eval.", filename:basename(F))].'

configure_visitor() {
	remove_leftovers
	look_at_process $$
	fill_in "$node_dir/remote.$$.$begun" remote
}

# What they have left that were killed while they booted.
remove_leftovers() {
	set --
	for file in "$node_dir"/eval.*.config "$node_dir"/eval.*.vm.args "$node_dir"/remote.*.vm.args; do
		[ -e "$file" ] || continue
		path=${file##*/}
		path=${path#*.}
		path=${path%.config}
		path=${path%.vm.args}
		is_running "${path%%.*}" "${path#*.}" || set -- "$@" "$file"
	done
	[ $# -eq 0 ] || rm -f "$@" || :
}

# fill_in FILE KIND...: of sys, vm and remote. What the release has as a template, and the user has
# not replaced, becomes FILE.config or FILE.vm.args, and the variable of that file names it.
fill_in() {
	fill_target=$1 fill_faults=$node_needs filled='' sys_text='' args_text=''
	shift
	had_locale=${LC_ALL+yes} old_locale=${LC_ALL:-}
	LC_ALL=C # bytes are what counts
	for kind in "$@"; do
		case $kind in
		sys) [ "$RELEASE_SYS_CONFIG" != "$version_dir/sys" ] || fill_read sys.config sys_text ;;
		vm) [ "$RELEASE_VM_ARGS" != "$version_dir/vm.args" ] || fill_read vm.args args_text ;;
		*) [ "$RELEASE_REMOTE_VM_ARGS" != "$version_dir/remote.vm.args" ] || fill_read remote.vm.args args_text ;;
		esac
	done
	if [ -n "$had_locale" ]; then
		LC_ALL=$old_locale
	else
		unset LC_ALL
	fi
	[ -z "$fill_faults" ] ||
		fail 2 "nothing was started; set these variables in the environment or in $version_dir/env.sh"
	[ -n "$filled" ] || return 0
	make_node_dir || no_place_for_config
	case $filled in
	*sys.config*)
		fill_write "$fill_target.config" "$sys_text"
		RELEASE_SYS_CONFIG=$fill_target
		;;
	esac
	case $filled in
	*' vm.args'*)
		fill_write "$fill_target.vm.args" "$args_text"
		RELEASE_VM_ARGS=$fill_target.vm.args
		;;
	*remote*)
		fill_write "$fill_target.vm.args" "$args_text"
		RELEASE_REMOTE_VM_ARGS=$fill_target.vm.args
		;;
	esac
	unset sys_text args_text
}

# fill_read NAME VARIABLE
fill_read() {
	[ -r "$version_dir/$1.sh" ] || return 0
	value=''
	# shellcheck source=/dev/null
	. "$version_dir/$1.sh"
	eval "$2=\$text"
	unset text value
	filled="$filled $1"
}

# When the node is gone, what it was configured with goes, too.
forget_filled() {
	[ -d "$node_dir" ] || return 0
	set --
	for file in "$node_dir/runtime.config" "$node_dir/runtime.vm.args"; do
		[ ! -e "$file" ] || set -- "$@" "$file"
	done
	[ $# -eq 0 ] || rm -f "$@" || :
}
