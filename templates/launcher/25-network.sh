
# --- The network -----------------------------------------------------------------------------

# What the user says of addresses, ports and TLS, checked and in the words of the VM: `interface`
# (a tuple), `first_port` and `last_port`, `fixed_port` (known to all, so without epmd),
# `protocol` and `tls_file`.
settle_network() {
	_interface='' _first_port='' _last_port='' _fixed_port='' _protocol='' _tls_file=''
	[ "$RELEASE_DISTRIBUTION" != none ] || return 0
	[ -z "${RELEASE_DIST_INTERFACE:-}" ] || settle_interface
	[ -z "${RELEASE_DIST_PORT:-}" ] || settle_ports
	[ -z "${RELEASE_DIST_TLS:-}" ] || settle_tls
	_fixed_port=${ERL_DIST_PORT:-}
	[ -z "$_fixed_port" ] || is_port "$_fixed_port" ||
		fail 2 "ERL_DIST_PORT is '$_fixed_port'; it is a port from 1 to 65535"
}

settle_interface() {
	[ "$RELEASE_DISTRIBUTION" != local ] ||
		fail 2 "RELEASE_DIST_INTERFACE is '$RELEASE_DIST_INTERFACE', but RELEASE_DISTRIBUTION local means 127.0.0.1;" \
			"set RELEASE_DISTRIBUTION to name or sname"
	address_tuple "$RELEASE_DIST_INTERFACE" ||
		fail 2 "RELEASE_DIST_INTERFACE is '$RELEASE_DIST_INTERFACE'; it is an address such as 10.0.0.5 or fd00::5"
	_interface=$_tuple
	case $RELEASE_DIST_INTERFACE in
	*:*) _protocol=inet6_tcp ;;
	esac
	# An epmd that the VM starts listens there, too, and on loopback.
	ERL_EPMD_ADDRESS=${ERL_EPMD_ADDRESS:-$RELEASE_DIST_INTERFACE}
	export ERL_EPMD_ADDRESS
}

settle_ports() {
	_first_port=${RELEASE_DIST_PORT%%-*} _last_port=${RELEASE_DIST_PORT#*-}
	{ is_port "$_first_port" && is_port "$_last_port" && [ "$_first_port" -le "$_last_port" ]; } ||
		fail 2 "RELEASE_DIST_PORT is '$RELEASE_DIST_PORT'; it is a port or a range, such as 9100 or 9100-9109"
}

is_port() {
	case $1 in
	'' | 0* | *[!0-9]* | ??????*) return 1 ;;
	esac
	[ "$1" -le 65535 ]
}

settle_tls() {
	absolute "$RELEASE_DIST_TLS"
	_tls_file=$_path
	[ -r "$_tls_file" ] ||
		fail 1 "cannot read '$_tls_file'; set RELEASE_DIST_TLS to a file with the options of ssl"
	has_application ssl ||
		fail 1 "RELEASE_DIST_TLS is set, but the release has no application ssl;" \
			"add ssl to its applications, or unset RELEASE_DIST_TLS"
	_protocol=${_protocol%tcp}
	_protocol=${_protocol:-inet_}tls
}

# has_application NAME: is it in this version?
has_application() {
	for _file in "$_version_dir/"*.rel; do
		[ -r "$_file" ] || continue
		while IFS= read -r _line; do
			case $_line in
			*"{$1,"*) return 0 ;;
			esac
		done <"$_file"
	done
	return 1
}

# Sets `tuple` to the IP address $1 as Erlang writes it.
address_tuple() {
	_tuple=''
	case $1 in
	*[!0-9a-fA-F.:]* | *:*.* | *.*:* | *:::* | *::*::* | *[!:]: | :[!:]*) return 1 ;;
	*:*) tuple_of_groups "$1" ;;
	*[!0-9.]* | *..* | .* | *.) return 1 ;;
	*) tuple_of_bytes "$1" ;;
	esac
}

tuple_of_bytes() {
	IFS=.
	# shellcheck disable=SC2086
	set -- $1
	unset IFS
	[ $# -eq 4 ] || return 1
	for _part in "$@"; do
		case $_part in
		0?* | ????*) return 1 ;;
		esac
		[ "$_part" -le 255 ] || return 1
		_tuple=$_tuple${_tuple:+,}$_part
	done
	_tuple="{$_tuple}"
}

tuple_of_groups() {
	_after=''
	case $1 in
	*::*) _after=${1#*::} ;;
	esac
	_gap=$1
	IFS=:
	# shellcheck disable=SC2086
	set -- ${1%%::*} - $_after
	unset IFS
	_missing=$((9 - $#))
	case $_gap in
	*::*) [ "$_missing" -ge 1 ] || return 1 ;;
	*) [ "$_missing" -eq 0 ] || return 1 ;;
	esac
	for _part in "$@"; do
		case $_part in
		-)
			while [ "$_missing" -gt 0 ]; do
				_tuple=$_tuple${_tuple:+,}0
				_missing=$((_missing - 1))
			done
			;;
		?????*) return 1 ;;
		*) _tuple=$_tuple${_tuple:+,}$((0x$_part)) ;;
		esac
	done
	_tuple="{$_tuple}"
}
