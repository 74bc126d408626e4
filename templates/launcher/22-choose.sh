
# --- Which version starts --------------------------------------------------------------------
#
# The permanent one, of releases/start_erl.data, unless RELEASE_VSN names another. An upgrade that changes the runtime
# ends the VM, and the one that comes next is told in releases/new_start_erl.data by release_handler: "ERTS VERSION".
# That holds once: it is moved away before the VM runs, so that a version that does not come up is followed by the
# permanent one, whoever it is that starts the system again.

# Sets RELEASE_VSN, and the ERTS of that version.
choose_version() {
	_taken='' _chosen=''
	case $_command in
	start | start_iex | console | daemon | daemon_iex | daemon_console)
		forget_handed_down
		RELEASE_STARTED_VSN=''
		[ -n "${RELEASE_VSN:-}" ] || _chosen=yes
		take_prepared
		;;
	--recover)
		# Which version that is may not be known before.
		RELEASE_VSN=.
		return 0
		;;
	--run-*)
		# As daemon has found it.
		case ${BINDIR:-} in
		"$RELEASE_ROOT/erts-"*/bin)
			_erts_vsn=${BINDIR#"$RELEASE_ROOT/erts-"}
			_erts_vsn=${_erts_vsn%/bin}
			;;
		esac
		return 0
		;;
	*)
		# What a VM of a version that was removed since has handed down.
		[ "${RELEASE_VSN:-}" != "${RELEASE_STARTED_VSN:-}" ] ||
			[ -d "$RELEASE_ROOT/releases/${RELEASE_VSN:-}" ] || forget_handed_down
		;;
	esac
	RELEASE_VSN=${RELEASE_VSN:-$_current_vsn}
	if [ -z "$_taken" ] && [ "$RELEASE_VSN" != "$_current_vsn" ]; then
		find_erts "$RELEASE_ROOT/releases/$RELEASE_VSN/${release_name}.rel"
	fi
	[ -z "$_chosen" ] || RELEASE_STARTED_VSN=$RELEASE_VSN
	export RELEASE_STARTED_VSN
}

# A VM hands down what it was started with to all that it starts: to heart, which starts the system again, to hooks,
# to a shell. RELEASE_VSN is the user's choice only where it differs from what the launcher has chosen then; after an
# upgrade another version may be the permanent one, which has a configuration of its own.
forget_handed_down() {
	[ -n "${RELEASE_STARTED_VSN:-}" ] && [ "${RELEASE_VSN:-}" = "$RELEASE_STARTED_VSN" ] || return 0
	unset RELEASE_VSN
	_same=''
	[ "$RELEASE_STARTED_VSN" != "$_current_vsn" ] || _same=yes
	for _name in RELEASE_SYS_CONFIG RELEASE_VM_ARGS RELEASE_REMOTE_VM_ARGS RELEASE_BOOT_SCRIPT; do
		eval "_value=\${$_name:-}"
		case $_value in
		"$RELEASE_ROOT/releases/__new_emulator__"*) unset "$_name" ;;
		"$RELEASE_ROOT/releases/$RELEASE_STARTED_VSN/"*) unset "$_name" ;;
		"${RELEASE_STATE_DIR:-}/${RELEASE_NODE:-}/"*) [ -n "$_same" ] || unset "$_name" ;;
		esac
	done
}

# What release_handler has prepared is taken, or with a reason thrown away.
take_prepared() {
	_prepared=$RELEASE_ROOT/releases/new_start_erl.data
	[ -e "$_prepared" ] || return 0
	_next_erts='' _next=''
	read -r _next_erts _next <"$_prepared" || :
	if ! mv -f "$_prepared" "$_prepared.taken" 2>/dev/null; then
		warn "going on with version $_current_vsn, as $_prepared cannot be moved away"
		return 0
	fi
	_next_dir=$RELEASE_ROOT/releases/$_next
	if [ -n "${RELEASE_VSN:-}" ]; then
		warn "going on with version $RELEASE_VSN, which RELEASE_VSN asks for, and not with the one that was installed"
	elif [ -z "$_next" ] || [ ! -r "$_next_dir/start.boot" ]; then
		warn "going on with version $_current_vsn, as there is no $_next_dir/start.boot"
	else
		_taken=$_next _erts_vsn=$_next_erts
		RELEASE_VSN=$_next
		case $_next in
		__new_emulator__*) choose_interim ;;
		esac
		return 0
	fi
	rm -f "$_prepared.taken"
}

# The new runtime comes up with the old applications, and upgrades itself while it boots: what release_handler has
# written for that stands in a folder of its own, all else (vm.args, hooks) is of the version that it will be.
choose_interim() {
	RELEASE_BOOT_SCRIPT=$_next_dir/start
	RELEASE_SYS_CONFIG=$_next_dir/sys
	RELEASE_VSN=''
	if [ -r "$_next_dir/version" ]; then
		read -r RELEASE_VSN <"$_next_dir/version" || :
	fi
	RELEASE_VSN=${RELEASE_VSN:-${_next#__new_emulator__}}
}

# There is a node that runs, so the next start shall have what this one has taken. Or: this one has it for good.
give_back_taken() {
	[ -z "$_taken" ] || mv -f "$_prepared.taken" "$_prepared" || :
}

keep_taken() {
	[ -z "$_taken" ] || rm -f "$_prepared.taken" || :
}

# find_erts REL: sets erts_vsn as the .rel file has it. Where there is none that of the permanent version has to do.
find_erts() {
	[ -r "$1" ] || return 0
	while IFS= read -r _line || [ -n "$_line" ]; do
		case $_line in
		*'{erts,'*'"'*)
			_line=${_line#*'{erts,'}
			_line=${_line#*'"'}
			_erts_vsn=${_line%%'"'*}
			return 0
			;;
		esac
	done <"$1"
}

# An install that restarts the node goes on in this process: while it runs nobody undoes what was prepared for it.
adopt_journal() {
	_journal=$RELEASE_ROOT/releases/upgrade.journal
	[ -e "$_journal" ] || return 0
	case $_command in
	--run-*) ;;
	*) [ -n "$_taken" ] || return 0 ;;
	esac
	_text='' _adopts=''
	while IFS= read -r _line; do
		_text=$_text$_line$_newline
		case $_line in
		'restart '*) _adopts=yes ;;
		esac
	done <"$_journal"
	[ -n "$_adopts" ] || return 0
	look_at_process $$
	printf '%s' "$$ $_begun$_newline${_text#*"$_newline"}" >"$_journal.new" || return 0
	mv -f "$_journal.new" "$_journal" || :
}
