
# --- Upgrades: the commands ------------------------------------------------------------------

# in_node OPERATION: evaluates one of the texts above, and sets `answer` to its lines. Faults are told; it is false then.
# What it is about: version, package, and so on, are in the variables that stand here.
in_node() {
	erlang_string "$_vsn"
	_bound="Vsn = $_string"
	for _pair in "Given=$RELEASE_ROOT" "File=${_file:-}" "Wanted=${_wanted:-}" "Before=${_current:-}" \
		"Vm=$_vm $_vm_begun" "Memory=$_node_dir/upgrade.before" "FaultFile=${_config_file:-}.fault" "SysFile=${_sys:-}" \
		"Emulator=${_emulator:-}"; do
		erlang_string "${_pair#*=}"
		_bound="$_bound, ${_pair%%=*} = $_string"
	done
	_bound="$_bound, Free = ${_free:--1}, Limit = ${_seconds}000, Settings = [${_settings:-}]"
	_answer=$(rpc_erlang "$_bound, $_upgrade_lib, Work(fun() -> $1 end)") || return 1
	_told=''
	_found=''
	while IFS= read -r _line; do
		case $_line in
		'! '*)
			warn "${_line#! }"
			_told=yes
			;;
		?*) [ -z "$_told" ] || printf '%s\n' "$_line" >&2 ;;
		esac
	done <<-end
		$_answer
	end
	[ -z "$_told" ]
}

# Sets `found` to what `answer` says of $1.
find_answer() {
	_found=''
	while read -r _key _rest; do
		[ "$_key" != "$1" ] || _found=$_rest
	done <<-end
		$_answer
	end
}

# What all of them need: a node of this tree that runs, a tree that can be written, and to be the only one.
begin_upgrade() {
	read_limit RELEASE_UPGRADE_TIMEOUT "${RELEASE_UPGRADE_TIMEOUT:-600}"
	[ "$_erts_included" = true ] ||
		fail 1 "this release has no runtime of its own, which release_handler needs; make it with erts: include"
	_until_it_runs="; it is a running system that changes its version, so start it, and then '$RELEASE_PROG $_command' again"
	need_node
	read_processes
	[ -n "$_vm" ] || not_running
	_fault=''
	{ true >>"$RELEASE_ROOT/releases/upgrade.lock"; } 2>/dev/null ||
		fail 1 "cannot write to $RELEASE_ROOT/releases, so no other version can be put there;" \
			"be the user whom the release belongs to, or run it from a folder that can be written"
	[ -e "$RELEASE_ROOT/releases/RELEASES" ] ||
		fail 1 "there is no $RELEASE_ROOT/releases/RELEASES, by which release_handler knows the versions;" \
			"put this release there anew"
	lock_upgrades
	# Of one that was killed.
	rm -f "$_node_dir"/upgrade.*.*
	[ ! -e "$RELEASE_ROOT/releases/upgrade.journal" ] || heal
}

# One command at a time. The file names the process that has it, and one that is gone has nothing.
lock_upgrades() {
	_lock=$RELEASE_ROOT/releases/upgrade.lock
	_holder='' _holder_begun=''
	read -r _holder _holder_begun <"$_lock" || :
	! is_running "$_holder" "$_holder_begun" ||
		fail 1 "another unpack or install is at work, process $_holder; wait until it has ended"
	look_at_process $$
	{ printf '%s\n' "$$ $_begun" >"$_lock"; } 2>/dev/null ||
		fail 1 "cannot write $_lock, so nothing has changed; is there no space left on the device?"
	trap 'end_of_upgrade' EXIT
	trap 'exit 143' TERM INT HUP
}

end_of_upgrade() {
	[ -z "${_config_file:-}" ] || rm -f "$_config_file" "$_config_file".*
	rm -f "$_lock" "$_node_dir/upgrade.before"
}

# What a command or a node that was killed has left half done. Nothing when the node is at it still.
heal() {
	_answer=$(rpc_erlang 'io:format("~w", [whereis(beamrel_upgrade)]),
		[io:format(" ~ts ", [V]) || {_, V, _, _} <- release_handler:which_releases()], ok') || exit 1
	case $_answer in
	undefined*) recover "$_answer" ;;
	*) fail 1 "another unpack or install is at work in the node; wait until it has ended" ;;
	esac
}

# find_facts VERSION: sets vsn, and what the node says of it.
find_facts() {
	_vsn=$1
	in_node "$_upgrade_facts" || exit 1
	find_answer current
	_current=$_found
	find_answer permanent
	_permanent=$_found
	find_answer status
	_vsn_status=$_found
	find_answer direction
	_direction=$_found
	find_answer emulator
	_emulator=$_found
	find_answer sys_config
	_node_sys_config=$_found
	find_answer vm_args
	_node_vm_args=$_found
	find_answer remote_vm_args
	_node_remote_vm_args=$_found
}

# Sets `file` to the package of version $1: a file of that name, or one where relx, Distillery and release_handler have it.
find_package() {
	_wanted=''
	case $1 in
	*.tar.gz | *.tgz | */*)
		[ -f "$1" ] || fail 1 "there is no file '$1'; give the path of a package, or a version, whose package is looked for in" \
			"$RELEASE_ROOT/releases"
		absolute "$1"
		_file=$_path
		return 0
		;;
	esac
	_wanted=$1
	for _file in "$RELEASE_ROOT/releases/${release_name}-$1.tar.gz" "$RELEASE_ROOT/releases/$1/${release_name}-$1.tar.gz" \
		"$RELEASE_ROOT/releases/$1/${release_name}.tar.gz"; do
		[ ! -f "$_file" ] || return 0
	done
	fail 1 "there is no package of version '$1': no such file, and no ${release_name}-$1.tar.gz in $RELEASE_ROOT/releases;" \
		"'$RELEASE_PROG unpack FILE' takes one from elsewhere"
}

unpack() {
	[ $# -eq 1 ] || fail 2 "unpack takes one argument, a version or a package; see $RELEASE_PROG help unpack"
	begin_upgrade
	find_package "$1"
	find_facts "$_wanted"
	unpack_file
	find_answer unpacked
	say "$_found is unpacked"
}

# Has `file` unpacked, of version `wanted` if that is not empty.
unpack_file() {
	_free=-1
	if command -v df >/dev/null; then
		_free=$(df -Pk "$RELEASE_ROOT" 2>/dev/null | while read -r _ _ _ _room _; do printf '%s\n' "$_room"; done) || :
		_free=${_free##*"$_newline"}
		case $_free in
		*[!0-9]* | '') _free=-1 ;;
		esac
	fi
	in_node "$_upgrade_unpack" || exit 1
}

# install VERSION [--no-permanent]
install() {
	_target='' _keep=yes
	for _word in "$@"; do
		case $_word in
		--no-permanent) _keep='' ;;
		-*) fail 2 "there is no option '$_word'; see $RELEASE_PROG help $_command" ;;
		*)
			[ -z "$_target" ] || fail 2 "$_command takes one version; see $RELEASE_PROG help $_command"
			_target=$_word
			;;
		esac
	done
	[ -n "$_target" ] || fail 2 "$_command needs a version; see $RELEASE_PROG help $_command"
	begin_upgrade
	find_facts "$_target"
	if [ "$_vsn_status" = none ]; then
		find_package "$_target"
		unpack_file
		find_answer unpacked
		find_facts "$_found"
	fi
	if [ "$_current" = "$_vsn" ]; then
		if [ "$_permanent" = "$_vsn" ] || [ -z "$_keep" ]; then
			say "$_vsn runs already"
			return 0
		fi
		evaluate_config || fail 1 "$_vsn runs, but is not permanent"
		check_again
		make_permanent
		return
	fi
	case $_command/$_direction in
	*/none)
		fail 1 "there is no way from $_current to $_vsn: no relup in releases/$_vsn or releases/$_current knows both;" \
			"make the package with $_current among the versions that it upgrades from"
		;;
	upgrade/down) fail 1 "$_vsn is earlier than $_current, which runs; use '$RELEASE_PROG downgrade $_vsn'" ;;
	downgrade/up) fail 1 "$_vsn is later than $_current, which runs; use '$RELEASE_PROG upgrade $_vsn'" ;;
	esac
	install_version
}

# Nothing has changed until release_handler installs; what fails after that goes back.
install_version() {
	evaluate_config || fail 1 "nothing has changed: $_current runs"
	in_node "$_upgrade_check" || fail 1 "nothing has changed: $_current runs"
	tell_hooks "$_current"
	upgrade_hooks pre_upgrade || fail 1 "nothing has changed: $_current runs"
	_file=$_config_file.terms
	rm -f "$_node_dir/checked"
	in_node "$_upgrade_restart, $_upgrade_swap, $_upgrade_install" || install_failed
	find_answer restarts
	_leaves=$_found
	[ -z "$_leaves" ] || await_new_emulator
	if ! in_node "$_upgrade_applications" || ! upgrade_hooks post_upgrade; then
		go_back
	fi
	note_checked
	if [ -n "$_keep" ]; then
		make_permanent
	else
		say "$_vsn runs; $_permanent is still what starts next ('$RELEASE_PROG install $_vsn' makes it permanent)"
	fi
}

# The version runs, but the command that installed it may have been killed before it was checked: with the container whose
# VM has ended, for one. Where that was can no longer be known, and what starts next is the permanent version.
check_again() {
	_checked=''
	read -r _checked 2>/dev/null <"$_node_dir/checked" || :
	[ "$_checked" != "$_vm $_vm_begun $_vsn" ] || return 0
	in_node "$_upgrade_direction" || exit 1
	find_answer direction
	_direction=$_found
	tell_hooks "$_permanent"
	if ! in_node "$_upgrade_applications" || ! upgrade_hooks post_upgrade; then
		fail 1 "$_vsn runs, but did not pass its checks, so it is not permanent: what starts next is $_permanent;" \
			"put right what is told above and '$RELEASE_PROG install $_vsn' again, or go back with '$RELEASE_PROG install $_permanent'"
	fi
	note_checked
}

# The checks hold for this life of the VM.
note_checked() {
	{ printf '%s\n' "$_vm $_vm_begun $_vsn" >"$_node_dir/checked"; } 2>/dev/null || :
}

tell_hooks() {
	HOOK_UPGRADE_FROM=$1 HOOK_UPGRADE_TO=$_vsn HOOK_DIRECTION=$_direction HOOK_CAUSE=upgrade HOOK_PID=$_vm
	export HOOK_UPGRADE_FROM HOOK_UPGRADE_TO HOOK_DIRECTION HOOK_PID
}

# The hooks of the new version, with its folder.
upgrade_hooks() {
	_hook_pid=''
	# shellcheck disable=SC2031
	_old_dir=$_version_dir _old_vsn=$RELEASE_VSN
	_version_dir=$RELEASE_ROOT/releases/$_vsn RELEASE_VSN=$_vsn RELEASE_VERSION_DIR=$RELEASE_ROOT/releases/$_vsn
	run_hooks "$1" && _hooks_status=0 || _hooks_status=1
	_version_dir=$_old_dir RELEASE_VSN=$_old_vsn RELEASE_VERSION_DIR=$_old_dir
	return "$_hooks_status"
}

go_back() {
	[ -z "$_leaves" ] || restart_permanent
	_new=$_vsn _vsn=$_current
	in_node "$_upgrade_restart, $_upgrade_swap, $_upgrade_back" || {
		rpc_erlang 'init:restart()' >/dev/null 2>&1 || :
		_answer="restarted as above"
	}
	find_answer restarted
	if [ -n "$_found" ]; then
		await_restart
		fail 1 "$_new did not pass its checks; the way back failed ($_found), so the node has restarted in $_running"
	fi
	fail 1 "$_new did not pass its checks, so the node is back in $_current"
}

# release_handler restarts the node, in the permanent version, when an instruction fails; before that nothing has changed.
install_failed() {
	if [ -z "$_told" ] && [ -s "$_config_file.fault" ]; then
		read_text "$_config_file.fault"
		warn "${_text%"$_newline"}"
	fi
	await_restart
	[ -n "$_restarted" ] || fail 1 "$_vsn was not installed: $_running runs"
	fail 1 "$_vsn was not installed; the node has restarted in $_running"
}

# Until the node is up again, if it restarts at all. Sets `restarted`, and `running` to the version that it comes up in.
await_restart() {
	_restarted='' _running=$_current
	_tenths=$((_seconds * 10))
	while :; do
		main_runs || {
			[ ! -e "$RELEASE_ROOT/releases/upgrade.journal" ] || recover ''
			fail 1 "$RELEASE_NODE has ended; it starts again in $_permanent"
		}
		_answer=$(rpc_erlang "$_upgrade_is_up" 2>/dev/null) || _answer='' _restarted=yes
		case $_answer in
		restarted*) _restarted=yes ;;
		esac
		case $_answer in
		*' '*) break ;;
		esac
		[ "$_tenths" -gt 0 ] || fail 1 "$RELEASE_NODE is not up again after $_seconds s (RELEASE_UPGRADE_TIMEOUT)"
		_tenths=$((_tenths - 1))
		pause
		read -r _port <"$_node_dir/port" || :
	done
	_running=${_answer#* }
	[ ! -e "$RELEASE_ROOT/releases/upgrade.journal" ] || heal
}

make_permanent() {
	if [ -n "${_sys_made:-}" ]; then
		(umask 077 && exec cp "$_config_file.terms" "$_node_dir/runtime.config") ||
			fail 1 "$_vsn runs, but is not permanent: cannot write $_node_dir/runtime.config"
	fi
	in_node "$_upgrade_permanent" || fail 1 "$_vsn runs, but is not permanent"
	rm -f "$_node_dir/checked"
	say "$_vsn runs, and starts from now on"
}

remove() {
	[ $# -eq 1 ] || fail 2 "$_command takes one version; see $RELEASE_PROG help $_command"
	begin_upgrade
	_vsn=$1
	in_node "$_upgrade_remove" || exit 1
	say "$1 is removed"
}

# The versions and what release_handler makes of each, from a node that runs, else from RELEASES.
versions() {
	read_processes
	_answer=''
	if [ -n "$_vm" ] && [ -s "$_node_dir/port" ] && [ "$RELEASE_DISTRIBUTION" != none ]; then
		find_runtime
		_answer=$(rpc_erlang '[io:format("~ts ~w~n", [V, S]) || {_, V, _, S} <- release_handler:which_releases()], ok' 2>/dev/null) || _answer=''
	fi
	if [ -n "$_answer" ]; then
		say "$_answer"
		return
	fi
	_release=''
	if [ -r "$RELEASE_ROOT/releases/RELEASES" ]; then
		versions_on_disk <"$RELEASE_ROOT/releases/RELEASES"
		[ -z "$_release" ] || return 0
	fi
	for _file in "$RELEASE_ROOT/releases/"*/; do
		_file=${_file%/}
		[ -r "$_file/start.boot" ] || continue
		_mark=''
		[ "${_file##*/}" != "$_current_vsn" ] || _mark=' permanent'
		say "${_file##*/}$_mark"
	done
}

# RELEASES is laid out as io:format("~tp.~n") does it; each release begins with {release,"NAME","VSN",...
# and ends with its status.
versions_on_disk() {
	while IFS= read -r _line; do
		case $_line in
		*'{release,"'*)
			_line=${_line#*'{release,"'}
			_line=${_line#*\"}
			_line=${_line#*\"}
			_release=${_line%%\"*}
			;;
		esac
		case $_line in
		*permanent\}* | *unpacked\}* | *old\}* | *tmp_current\}*)
			_line=${_line%%\}\]*}
			_line=${_line%%\}*}
			say "$_release ${_line##*[!a-z_]}"
			;;
		esac
	done
}

