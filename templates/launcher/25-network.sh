
# --- The network -----------------------------------------------------------------------------

# What the user says of addresses, ports and TLS, checked and in the words of the VM: `interface`
# (a tuple), `first_port` and `last_port`, `fixed_port` (known to all, so without epmd),
# `protocol` and `tls_file`.
settle_network() {
	interface='' first_port='' last_port='' fixed_port='' protocol='' tls_file=''
	[ "$RELEASE_DISTRIBUTION" != none ] || return 0
	[ -z "${RELEASE_DIST_INTERFACE:-}" ] || settle_interface
	[ -z "${RELEASE_DIST_PORT:-}" ] || settle_ports
	[ -z "${RELEASE_DIST_TLS:-}" ] || settle_tls
	fixed_port=${ERL_DIST_PORT:-}
	[ -z "$fixed_port" ] || is_port "$fixed_port" ||
		fail 2 "ERL_DIST_PORT is '$fixed_port'; it is a port from 1 to 65535"
}

settle_interface() {
	[ "$RELEASE_DISTRIBUTION" != local ] ||
		fail 2 "RELEASE_DIST_INTERFACE is '$RELEASE_DIST_INTERFACE', but RELEASE_DISTRIBUTION local means 127.0.0.1;" \
			"set RELEASE_DISTRIBUTION to name or sname"
	address_tuple "$RELEASE_DIST_INTERFACE" ||
		fail 2 "RELEASE_DIST_INTERFACE is '$RELEASE_DIST_INTERFACE'; it is an address such as 10.0.0.5 or fd00::5"
	interface=$tuple
	case $RELEASE_DIST_INTERFACE in
	*:*) protocol=inet6_tcp ;;
	esac
	# An epmd that the VM starts listens there, too, and on loopback.
	ERL_EPMD_ADDRESS=${ERL_EPMD_ADDRESS:-$RELEASE_DIST_INTERFACE}
	export ERL_EPMD_ADDRESS
}

settle_ports() {
	first_port=${RELEASE_DIST_PORT%%-*} last_port=${RELEASE_DIST_PORT#*-}
	{ is_port "$first_port" && is_port "$last_port" && [ "$first_port" -le "$last_port" ]; } ||
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
	tls_file=$path
	[ -r "$tls_file" ] ||
		fail 1 "cannot read '$tls_file'; set RELEASE_DIST_TLS to a file with the options of ssl"
	has_application ssl ||
		fail 1 "RELEASE_DIST_TLS is set, but the release has no application ssl;" \
			"add ssl to its applications, or unset RELEASE_DIST_TLS"
	protocol=${protocol%tcp}
	protocol=${protocol:-inet_}tls
}

# has_application NAME: is it in this version?
has_application() {
	for file in "$version_dir/"*.rel; do
		[ -r "$file" ] || continue
		while IFS= read -r line; do
			case $line in
			*"{$1,"*) return 0 ;;
			esac
		done <"$file"
	done
	return 1
}

# Sets `tuple` to the IP address $1 as Erlang writes it.
address_tuple() {
	tuple=''
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
	for part in "$@"; do
		case $part in
		0?* | ????*) return 1 ;;
		esac
		[ "$part" -le 255 ] || return 1
		tuple=$tuple${tuple:+,}$part
	done
	tuple="{$tuple}"
}

tuple_of_groups() {
	after=''
	case $1 in
	*::*) after=${1#*::} ;;
	esac
	gap=$1
	IFS=:
	# shellcheck disable=SC2086
	set -- ${1%%::*} - $after
	unset IFS
	missing=$((9 - $#))
	case $gap in
	*::*) [ "$missing" -ge 1 ] || return 1 ;;
	*) [ "$missing" -eq 0 ] || return 1 ;;
	esac
	for part in "$@"; do
		case $part in
		-)
			while [ "$missing" -gt 0 ]; do
				tuple=$tuple${tuple:+,}0
				missing=$((missing - 1))
			done
			;;
		?????*) return 1 ;;
		*) tuple=$tuple${tuple:+,}$((0x$part)) ;;
		esac
	done
	tuple="{$tuple}"
}
