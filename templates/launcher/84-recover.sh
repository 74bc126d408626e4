
# --- Upgrades: after a crash -----------------------------------------------------------------

# recover: what releases/upgrade.journal says was going on when the node died is undone (unpack, the configuration for the time of
# an install) or brought to its end (permanent, remove). Not while the node is at it.
recover() {
	_folder=$RELEASE_ROOT/releases
	_journal=$_folder/upgrade.journal
	while read -r _key _rest; do
		case $_key in
		unpack) [ ! -e "$_folder/RELEASES.before" ] || mv -f "$_folder/RELEASES.before" "$_folder/RELEASES" ;;
		path) rm -rf "${RELEASE_ROOT:?}/$_rest" ;;
		config) [ ! -e "$_folder/$_rest/sys.config.original" ] || mv -f "$_folder/$_rest/sys.config.original" "$_folder/$_rest/sys.config" ;;
		made) rm -f "$_folder/$_rest/sys.config" ;;
		permanent)
			for _file in RELEASES start_erl.data; do
				[ ! -e "$_folder/$_file.next" ] || mv -f "$_folder/$_file.next" "$_folder/$_file"
			done
			[ ! -e "$_folder/$_rest/launcher" ] || put_launcher "$_folder/$_rest/launcher"
			;;
		restart)
			[ ! -e "$_folder/RELEASES.before" ] || mv -f "$_folder/RELEASES.before" "$_folder/RELEASES"
			rm -rf "$_folder"/__new_emulator__* "$_folder/new_start_erl.data" "$_folder/new_start_erl.data.taken"
			;;
		remove) [ ! -e "$_folder/RELEASES.next" ] || mv -f "$_folder/RELEASES.next" "$_folder/RELEASES" ;;
		esac
	done <"$_journal"
	rm -f "$_folder/upgrade.package.tar.gz" "$_folder/upgrade.package.rel" "$_folder"/*.before "$_folder"/*.next "$_journal"
}

put_launcher() {
	cp "$1" "$RELEASE_ROOT/bin/${release_name}.new"
	chmod 755 "$RELEASE_ROOT/bin/${release_name}.new"
	mv -f "$RELEASE_ROOT/bin/${release_name}.new" "$RELEASE_ROOT/bin/${release_name}"
}
