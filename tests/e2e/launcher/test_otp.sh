#!/bin/sh
# test_otp.sh VERSION: the tests that depend on OTP, where OTP VERSION (23, 25, 27, 29) is at home.

set -eu
version=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
top=$(CDPATH='' cd -- "$here/../../.." && pwd)
rm -rf "$E2E_WORK"
mkdir -p "$E2E_WORK/certificates"
(cd "$E2E_WORK/certificates" && "$here/make_certificates")
# shellcheck disable=SC2016 # for the shell inside
BEAMRELEASE_BIND="$top" exec "$top/tests/otp/run" "$version" "$E2E_WORK" sh -c '
	top=$1 work=$PWD tests=$1/tests/e2e/launcher status=0
	LAUNCHER_RELEASE=$work/release LAUNCHER_SHELL=/bin/sh
	E2E_SECONDS=240
	export LAUNCHER_RELEASE LAUNCHER_SHELL E2E_SECONDS
	escript "$tests/make_release.escript" "$top/templates" "$LAUNCHER_RELEASE" include || exit 1
	LAUNCHER_TLS=$work/tls LAUNCHER_CERTIFICATES=$work/certificates
	export LAUNCHER_TLS LAUNCHER_CERTIFICATES
	escript "$tests/make_release.escript" "$top/templates" "$LAUNCHER_TLS" ssl || exit 1
	E2E_WORK=$work/commands "$tests/test_commands.sh" test_a_day_of_a_node test_rpc test_eval test_eval_syntax \
		test_eval_logs_to_stderr test_rpc_that_ends_the_node test_restart test_daemon || status=1
	E2E_WORK=$work/network "$tests/test_network.sh" test_interface_of_ipv4 test_fixed_port || status=1
	E2E_WORK=$work/heart "$tests/test_heart.sh" test_daemon_with_heart || status=1
	E2E_WORK=$work/secrets "$tests/test_secrets.sh" test_given_cookies \
		test_the_application_sees_the_users_home test_local_listens_on_loopback_only \
		test_none_listens_nowhere test_name_and_sname test_crashing_erl_call || status=1
	E2E_WORK=$work/hooks "$tests/test_hooks.sh" test_events_of_start_and_stop || status=1
	E2E_WORK=$work/places "$tests/test_places.sh" test_sigterm_ends_cleanly || status=1
	if [ "$2" != 27 ]; then # the oldest and the newest
		E2E_WORK=$work/aliases "$tests/test_aliases.sh" test_every_command_of_help || status=1
		E2E_WORK=$work/network.tls "$tests/test_network.sh" test_tls || status=1
	fi
	if command -v mix >/dev/null; then
		LAUNCHER_ELIXIR=$work/elixir
		export LAUNCHER_ELIXIR
		"$tests/make_elixir.sh" "$top/templates" "$LAUNCHER_ELIXIR" || exit 1
		E2E_WORK=$work/elixir.tests "$tests/test_elixir.sh" test_eval_as_mix test_start_as_mix \
			test_rpc_as_mix test_runtime_configuration || status=1
		E2E_WORK=$work/iex.tests "$tests/test_iex.sh" test_iex test_daemon_iex test_remote || status=1
	elif [ "$2" != 23 ]; then
		echo "there is no Elixir here" >&2
		status=1
	fi
	exit $status' sh "$top" "$version"
