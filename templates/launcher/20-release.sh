
# --- Where and what --------------------------------------------------------------------------

# Follows the links from `path` to a file that is none.
follow_links() {
	while [ -L "$_path" ]; do
		_link=$(readlink "$_path")
		case $_link in
		/*) _path=$_link ;;
		*) _path=${_path%/*}/$_link ;;
		esac
	done
}

find_root() {
	case $0 in
	*/*) _path=$0 ;;
	*) _path=./$0 ;;
	esac
	follow_links
	# There and back again, which costs no process. From a folder that is gone there is no way
	# back; the root then has to do.
	_came_from=$PWD
	CDPATH='' cd -P -- "${_path%/*}/.."
	# Of a version that is not the permanent one it is releases/VERSION/launcher.
	if [ ! -r releases/start_erl.data ] && [ -r start_erl.data ]; then
		cd ..
		_path=/${release_name}
	fi
	RELEASE_ROOT=$PWD
	CDPATH='' cd -- "$_came_from" 2>/dev/null || :
	_launcher=$RELEASE_ROOT/bin/${_path##*/}
}

# A node that died in the middle of an upgrade has left something to be undone, or to be brought to its end.
recover_first() {
	case $_command in
	--* | help | pid | status | version | versions) ;;
	start* | console* | daemon*) "$0" --recover starts || warn "going on all the same" ;;
	*) "$0" --recover || warn "going on all the same" ;;
	esac
}

find_release() {
	[ ! -e "$RELEASE_ROOT/releases/upgrade.journal" ] || recover_first
	_erts_vsn='' _current_vsn=''
	_start_data=$RELEASE_ROOT/releases/start_erl.data
	[ -r "$_start_data" ] || fail 1 "cannot read $_start_data: this is not a whole release"
	# The file may end without a newline; read then fails, but has read. release_handler empties it before it writes it anew.
	_tries=50
	until
		read -r _erts_vsn _current_vsn <"$_start_data" || :
		[ -n "$_current_vsn" ] || [ "$_command" = --recover ]
	do
		_tries=$((_tries - 1))
		[ "$_tries" -gt 0 ] || fail 1 "$_start_data names no version: this is not a whole release"
		sleep 0.1 2>/dev/null || sleep 1
	done
	RELEASE_NAME=${RELEASE_NAME:-${release_name}}
	choose_version
	RELEASE_PROG=${RELEASE_PROG:-${0##*/}}
	_version_dir=$RELEASE_ROOT/releases/$RELEASE_VSN
	[ -d "$_version_dir" ] ||
		fail 2 "there is no version '$RELEASE_VSN' in $RELEASE_ROOT/releases;" \
			"correct or unset RELEASE_VSN"
	export RELEASE_ROOT RELEASE_NAME RELEASE_VSN RELEASE_PROG RELEASE_COMMAND
}

# Sets `path` to $1 as an absolute path.
absolute() {
	case $1 in
	/*) _path=$1 ;;
	*) _path=$PWD/$1 ;;
	esac
}

# What env.sh and the user left open.
settle() {
	RELEASE_MODE=${RELEASE_MODE:-embedded}
	_chosen_place=${RELEASE_STATE_DIR:-${RELEASE_TMP:-}}
	absolute "${RELEASE_TMP:-${RELEASE_STATE_DIR:-${RELEASE_DEFAULT_TMP:-$RELEASE_ROOT/tmp}}}"
	RELEASE_TMP=$_path
	absolute "${RELEASE_STATE_DIR:-$RELEASE_TMP}"
	RELEASE_STATE_DIR=$_path
	RELEASE_VM_ARGS=${RELEASE_VM_ARGS:-$_version_dir/vm.args}
	RELEASE_REMOTE_VM_ARGS=${RELEASE_REMOTE_VM_ARGS:-$_version_dir/remote.vm.args}
	RELEASE_SYS_CONFIG=${RELEASE_SYS_CONFIG:-$_version_dir/sys}
	RELEASE_BOOT_SCRIPT=${RELEASE_BOOT_SCRIPT:-start}
	RELEASE_BOOT_SCRIPT_CLEAN=${RELEASE_BOOT_SCRIPT_CLEAN:-start_clean}
	RELEASE_DISTRIBUTION=${RELEASE_DISTRIBUTION:-local}
	RELEASE_NODE=${RELEASE_NODE:-$RELEASE_NAME}
	case $RELEASE_DISTRIBUTION in
	local) settle_local_node ;;
	name | sname | none) ;;
	*) fail 2 "RELEASE_DISTRIBUTION is '$RELEASE_DISTRIBUTION'; it can be local, name, sname or none" ;;
	esac
	case $RELEASE_NODE in
	*/* | *' '* | '' | .*) fail 2 "RELEASE_NODE is '$RELEASE_NODE', which cannot be the name of a node" ;;
	esac
	_node_dir=$RELEASE_STATE_DIR/$RELEASE_NODE
	settle_network
	export RELEASE_MODE RELEASE_TMP RELEASE_STATE_DIR RELEASE_VM_ARGS RELEASE_REMOTE_VM_ARGS
	export RELEASE_SYS_CONFIG RELEASE_BOOT_SCRIPT RELEASE_BOOT_SCRIPT_CLEAN
	export RELEASE_DISTRIBUTION RELEASE_NODE
}

settle_local_node() {
	case $RELEASE_NODE in
	*@127.0.0.1) ;;
	*@*) fail 2 "RELEASE_NODE is '$RELEASE_NODE', but RELEASE_DISTRIBUTION local means 127.0.0.1;" \
		"set RELEASE_DISTRIBUTION to name or sname" ;;
	*) RELEASE_NODE=$RELEASE_NODE@127.0.0.1 ;;
	esac
}

# The VM takes long names only with a dot (or an IPv6 address) in the host, short ones only without.
check_node_name() {
	case $RELEASE_DISTRIBUTION/$RELEASE_NODE in
	name/*@*.* | name/*@*:*) ;;
	name/*) fail 2 "RELEASE_NODE is '$RELEASE_NODE', but RELEASE_DISTRIBUTION name needs a host with its domain;" \
		"set RELEASE_NODE to ${RELEASE_NODE%%@*}@host.domain" ;;
	sname/*@*.*) fail 2 "RELEASE_NODE is '$RELEASE_NODE', but RELEASE_DISTRIBUTION sname wants a host without dots;" \
		"set RELEASE_DISTRIBUTION to name, or RELEASE_NODE to ${RELEASE_NODE%%.*}" ;;
	esac
}

# Sets what erlexec wants to know. The erl script of a runtime is of no use here: it knows only
# the folder that the runtime was built for.
find_runtime() {
	ROOTDIR=$RELEASE_ROOT
	[ "$_erts_included" = true ] || find_system_root
	BINDIR=$ROOTDIR/erts-$_erts_vsn/bin
	EMU=beam
	PROGNAME=erl
	[ -x "$BINDIR/erlexec" ] ||
		fail 1 "cannot run $BINDIR/erlexec: the release needs ERTS $_erts_vsn there"
	export ROOTDIR BINDIR EMU PROGNAME
}

# For a release without runtime: the root to which `erl` belongs. Most installations have
# ROOT/bin/erl and links to it; where that is not so (shims), erl itself is asked.
find_system_root() {
	ROOTDIR=${RELEASE_OTP_ROOT:-}
	[ -z "$ROOTDIR" ] || return 0
	_erl=$(command -v erl) ||
		fail 1 "the release has no runtime of its own, and there is no erl in PATH;" \
			"install Erlang/OTP with ERTS $_erts_vsn, or set RELEASE_OTP_ROOT to its root"
	_path=$_erl
	follow_links
	ROOTDIR=$(CDPATH='' cd -P -- "${_path%/*}/.." && pwd -P)
	[ -x "$ROOTDIR/erts-$_erts_vsn/bin/erlexec" ] ||
		ROOTDIR=$("$_erl" -noinput -boot start_clean -eval 'io:put_chars(code:root_dir()), halt().')
}
