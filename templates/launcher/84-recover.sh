
# --- Upgrades: after a crash -----------------------------------------------------------------

# recover KNOWN: what releases/upgrade.journal says was going on is undone (unpack, the configuration for the time of an install)
# or brought to its end (permanent, remove). Not while the node is at it. KNOWN are versions that a running node knows, each
# with a blank on either side: those are unpacked.
recover() {
	_folder=$RELEASE_ROOT/releases
	_journal=$_folder/upgrade.journal
	_undo=yes
	# A name may begin or end with a blank.
	while IFS= read -r _line; do
		_key=${_line%% *} _rest=${_line#* }
		case $_key in
		unpack)
			case $1 in
			*" $_rest "*) _undo='' ;;
			esac
			[ -z "$_undo" ] || move_back RELEASES.before RELEASES
			;;
		path) [ -z "$_undo" ] || remove_unpacked "$_rest" ;;
		config)
			move_back "$_rest/sys.config.original" "$_rest/sys.config"
			rm -f "$_folder/$_rest/sys.config.upgrade"
			;;
		made) rm -f "$_folder/$_rest/sys.config" "$_folder/$_rest/sys.config.upgrade" ;;
		permanent)
			move_back RELEASES.next RELEASES
			move_back start_erl.data.next start_erl.data
			[ ! -e "$_folder/$_rest/launcher" ] || put_launcher "$_folder/$_rest/launcher"
			;;
		restart)
			[ ! -e "$_folder/RELEASES.before" ] || mv -f "$_folder/RELEASES.before" "$_folder/RELEASES"
			rm -rf "$_folder"/__new_emulator__* "$_folder/new_start_erl.data" "$_folder/new_start_erl.data.taken"
			;;
		remove) move_back RELEASES.next RELEASES ;;
		esac
	done <"$_journal"
	rm -f "$_folder/upgrade.package.tar.gz" "$_folder/upgrade.package.rel" "$_folder/RELEASES.before" "$_folder"/*.next "$_journal"
}

# Something in the release, but never the release itself or what it lies in, whatever the journal says.
remove_unpacked() {
	case /$1/ in
	*//* | */../* | /./) ;;
	*) rm -rf "${RELEASE_ROOT:?}/$1" ;;
	esac
}

# In the order of these names: a crash in here leaves what the next one goes on with.
move_back() {
	[ ! -e "$_folder/$1" ] || mv -f "$_folder/$1" "$_folder/$2"
}

# recover_dead [starts]: before a start, or another command. The journal's first line is the process of the node that wrote it.
recover_dead() {
	_writer='' _writer_begun=''
	read -r _writer _writer_begun <"$RELEASE_ROOT/releases/upgrade.journal" || :
	! is_running "$_writer" "$_writer_begun" || return 0
	! goes_on "$1" || return 0
	[ -w "$RELEASE_ROOT/releases" ] || return 0
	recover ''
}

# Has the node ended to start again in another emulator? Then that start goes on with what is there, and who only asks
# meanwhile cannot know whether it has begun: it has taken what was prepared before it says so in the journal.
goes_on() {
	while read -r _key _; do
		if [ "$_key" = restart ]; then
			[ -z "$1" ] || is_prepared
			return
		fi
	done <"$RELEASE_ROOT/releases/upgrade.journal"
	return 1
}

put_launcher() {
	cp "$1" "$RELEASE_ROOT/bin/${release_name}.new"
	chmod 755 "$RELEASE_ROOT/bin/${release_name}.new"
	mv -f "$RELEASE_ROOT/bin/${release_name}.new" "$RELEASE_ROOT/bin/${release_name}"
}
