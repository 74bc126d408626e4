#!/bin/sh
# Addresses, ports and TLS between nodes. $LAUNCHER_TLS is a release with ssl in it.

# shellcheck disable=SC2016,SC2119
# shellcheck source=tests/e2e/launcher/lib.sh
. "$(dirname "$0")/lib.sh"

# own_epmd ADDRESS: the test's nodes have an epmd for themselves, there and on loopback.
own_epmd() {
	ERL_EPMD_PORT=$((15000 + $$ % 5000))
	export ERL_EPMD_PORT
	epmd=$(echo "$PWD"/release/erts-*/bin/epmd)
	ERL_EPMD_ADDRESS=$1 "$epmd" &
	remember $!
	within 10 "$epmd" -names
}

# All that asks a node works, and a second node called $1 reaches it.
answers() {
	expect 0 "$tiny" ping
	equal ping pong "$out"
	expect 0 "$tiny" rpc 'tiny:greet()'
	equal greeting hello "$out"
	expect 1 "$tiny" rpc 'error(bad)'
	contains "$err" bad
	expect 0 "$tiny" pid
	equal pid "$node" "$out"
	if [ "$RELEASE_DISTRIBUTION" != local ]; then
		mv "release/tmp/$RELEASE_NODE/pid" kept
		expect 0 "$tiny" pid
		equal "pid that was asked for" "$node" "$out"
		mv kept "release/tmp/$RELEASE_NODE/pid"
	fi
	expect 1 env RELEASE_COOKIE=wrong "$tiny" ping
}

stops() {
	expect 0 "$tiny" stop
	finish
	equal "exit status" 0 "$status"
}

# second_node NAME: another node of the release, which connects to the first one.
second_node() {
	RELEASE_NODE=$1 "$tiny" start >second.out 2>second.err &
	second=$!
	remember "$second"
	within 20 env RELEASE_NODE="$1" "$tiny" ping
	first=$RELEASE_NODE
	RELEASE_NODE=$1 expect 0 "$tiny" rpc "net_kernel:connect_node('$first')"
	equal "the second node reaches the first" true "$out"
	expect 0 "$tiny" rpc "lists:member('$1', nodes())"
	equal "and that knows it" true "$out"
	RELEASE_NODE=$1 expect 0 "$tiny" stop
}

test_interface_of_ipv4() {
	give_release release
	own_epmd 127.0.0.5
	export RELEASE_COOKIE=abc RELEASE_DISTRIBUTION=name RELEASE_NODE=tiny@127.0.0.5
	export RELEASE_DIST_INTERFACE=127.0.0.5 RELEASE_DIST_PORT=39100-39199
	start_and_wait
	sockets=$(listening "$node")
	equal "one socket" 1 "$(echo "$sockets" | wc -w)"
	equal address 0500007F "${sockets%:*}"
	port=$((0x${sockets#*:}))
	case $port in
	391??) ;;
	*) stop_test "port $port is not of the range" ;;
	esac
	answers
	second_node two@127.0.0.5
	stops
}

test_interface_of_ipv6() {
	give_release release
	own_epmd ::1
	grep -q . /proc/net/if_inet6 || skip_test "there is no IPv6 here"
	export RELEASE_COOKIE=abc RELEASE_DISTRIBUTION=name RELEASE_NODE=tiny@::1 RELEASE_DIST_INTERFACE=::1
	start_and_wait
	sockets=$(listening "$node")
	equal address 00000000000000000000000001000000 "${sockets%:*}"
	answers
	second_node two@::1
	stops
}

# As with relx: all nodes have one port, and no epmd.
test_fixed_port() {
	give_release release
	export ERL_EPMD_PORT=14369
	ERL_DIST_PORT=$((40000 + $$ % 9000))
	export ERL_DIST_PORT RELEASE_COOKIE=abc
	for RELEASE_DISTRIBUTION in local name sname; do
		RELEASE_NODE=tiny@127.0.0.1
		[ $RELEASE_DISTRIBUTION != sname ] || RELEASE_NODE=tiny
		export RELEASE_DISTRIBUTION RELEASE_NODE
		start_and_wait
		sockets=$(listening "$node")
		equal port "$(printf %04X "$ERL_DIST_PORT")" "${sockets#*:}"
		answers
		rm release/erts-*/bin/erl_call
		answers
		cp "$LAUNCHER_RELEASE"/erts-*/bin/erl_call release/erts-*/bin
		stops
	done
	grep -q ":$(printf %04X 14369) .* 0A " /proc/net/tcp /proc/net/tcp6 && stop_test "an epmd runs"
	unset ERL_DIST_PORT RELEASE_NODE
	RELEASE_DISTRIBUTION=local RELEASE_DIST_PORT=$((49001 + $$ % 999)) start_and_wait
	equal "one port, local" "$((49001 + $$ % 999))" "$(cat release/tmp/tiny@127.0.0.1/port)"
	RELEASE_DISTRIBUTION=local expect 0 "$tiny" stop
}

test_faulty_networks() {
	give_release release
	export RELEASE_DISTRIBUTION=name RELEASE_NODE=tiny@127.0.0.1
	for address in 10.0.0 10.0.0.256 10.0.0.01 10..0.1 host ::1::2 1:2:3 1:2:3:4:5:6:7:8:9 ::12345 :::1 1::2: 1:2:3:4:5:6:7:8:: \
		'{10,0,0,5}' '*'; do
		RELEASE_DIST_INTERFACE=$address expect 2 "$tiny" start
		contains "$err" "RELEASE_DIST_INTERFACE is '$address'; it is an address such as"
	done
	for port in 0 x 9100- -9100 9200-9100 65536 100000 1-2-3 ' '; do
		RELEASE_DIST_PORT=$port expect 2 "$tiny" start
		contains "$err" "RELEASE_DIST_PORT is '$port'; it is a port or a range"
	done
	ERL_DIST_PORT=any expect 2 "$tiny" ping
	contains "$err" "ERL_DIST_PORT is 'any'; it is a port"
	RELEASE_DISTRIBUTION=local RELEASE_DIST_INTERFACE=10.0.0.5 expect 2 "$tiny" start
	contains "$err" "local means 127.0.0.1"
	RELEASE_DIST_TLS=nothing expect 1 "$tiny" start
	contains "$err" "cannot read '$PWD/nothing'"
	: >options
	RELEASE_DIST_TLS=options expect 1 "$tiny" start
	contains "$err" "the release has no application ssl; add ssl to its applications"
}

# Each with a name of its own: a node lets in only one of a name.
test_rpc_of_many_at_once() {
	give_release release
	start_and_wait
	callers=''
	for number in 1 2 3 4; do
		"$tiny" rpc 'timer:sleep(500)' >"out.$number" 2>&1 &
		callers="$callers $!"
	done
	for caller in $callers; do
		wait "$caller" || stop_test "$(cat out.*)"
	done
	expect 0 "$tiny" stop
	finish
}

# Checked against Erlang's own reading of addresses.
test_addresses_as_erlang_has_them() {
	give_release release
	start_and_wait
	sed -n '/^address_tuple()/,$p' "$(dirname "$0")/../../../templates/launcher/25-network.sh" >functions.sh
	for address in 0.0.0.0 10.0.0.5 255.255.255.255 :: ::1 1:: fd00::5 2001:db8:0:1:2:3:4:5 1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8 1:2::7:8; do
		# shellcheck disable=SC2086
		mine=$(${LAUNCHER_SHELL:-/bin/sh} -c '. ./functions.sh; address_tuple "$1"; echo "$_tuple"' sh $address)
		expect 0 "$tiny" rpc "{ok, T} = inet:parse_address(\"$address\"), io:format(\"~w\", [T])"
		equal "tuple of $address" "$out" "$mine"
	done
	expect 0 "$tiny" stop
}

# give_certificates: those that were made, or new ones, and options that demand both.
give_certificates() {
	if [ -n "${LAUNCHER_CERTIFICATES:-}" ]; then
		cp "$LAUNCHER_CERTIFICATES"/* .
	else
		"$(dirname "$0")/make_certificates"
	fi
	cat >tls.options <<-end
		[{server, [{certfile, "$PWD/node.pem"}, {keyfile, "$PWD/node.key"}, {cacertfile, "$PWD/ca.pem"},
		           {verify, verify_peer}, {fail_if_no_peer_cert, true}]},
		 {client, [{certfile, "$PWD/node.pem"}, {keyfile, "$PWD/node.key"}, {cacertfile, "$PWD/ca.pem"},
		           {verify, verify_peer}]}].
	end
}

# speaks_tls PORT: is the certificate shown there?
speaks_tls() {
	command -v openssl >/dev/null || return 0
	openssl s_client -connect "127.0.0.1:$1" -cert node.pem -key node.key -CAfile ca.pem </dev/null 2>&1 |
		grep -q 'Verify return code: 0'
}

test_tls() {
	need script
	give_release release "$LAUNCHER_TLS"
	own_epmd 127.0.0.1
	give_certificates
	export RELEASE_DIST_TLS=tls.options RELEASE_COOKIE=abc
	for RELEASE_DISTRIBUTION in local name sname; do
		RELEASE_NODE=tiny@127.0.0.1
		[ $RELEASE_DISTRIBUTION != sname ] || RELEASE_NODE=tiny@localhost
		export RELEASE_DISTRIBUTION RELEASE_NODE
		start_and_wait
		sockets=$(listening "$node" | head -n 1)
		speaks_tls "$((0x${sockets#*:}))" || stop_test "no TLS on $sockets"
		# Each question starts a VM: all of them for one kind of node.
		if [ $RELEASE_DISTRIBUTION = name ]; then
			answers
			second_node "two@${RELEASE_NODE#*@}"
		else
			expect 0 "$tiny" rpc 'tiny:greet()'
			equal greeting hello "$out"
		fi
		stops
	done
	# Who shows no certificate of the authority is not let in.
	RELEASE_DISTRIBUTION=local RELEASE_NODE=tiny@127.0.0.1
	start_and_wait
	sed '/{client/,$d' tls.options >other.options
	echo ' {client, [{verify, verify_none}]}].' >>other.options
	RELEASE_DIST_TLS=other.options expect 1 "$tiny" ping
	contains "$err" "does not answer"
	(
		sleep 3
		printf 'tiny:greet().\r'
		sleep 1
		printf '\007'
		sleep 0.5
		printf 'q\r'
		sleep 0.5
	) | TERM=xterm script -q -c "'$tiny' remote" /dev/null >remote.out 2>&1
	contains "$(cat remote.out)" hello
	stops
	expect 0 "$tiny" daemon
	expect 0 "$tiny" ping
	expect 0 "$tiny" restart
	expect 0 "$tiny" rpc 'tiny:greet()'
	expect 0 "$tiny" stop
}

run_tests "$0" "$@"
