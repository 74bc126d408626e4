
_erts_included='${erts_included}'
# Empty without Elixir.
_elixir_version='${elixir_version}'
_stop_hooks='pre_stop post_stop'
_newline='
'

# --- Speaking --------------------------------------------------------------------------------

say() {
	printf '%s\n' "$*"
}

warn() {
	printf '%s: %s\n' "${release_name}" "$*" >&2
}

# fail STATUS TEXT...: 1 it did not work, 2 it was asked for in a wrong way.
fail() {
	_status=$1
	shift
	warn "$@"
	exit "$_status"
}
