#!/bin/sh
# usage: make.sh BEAMREL OUT OTP_OF_1 OTP_OF_2 OTP_OF_3
# A release `tiny` in three versions, with a process that counts: OUT/tiny-1.0.0.tar.gz, as `beamrel pack` makes it, and the
# upgrade packages of 2.0.0 (from 1.0.0) and 3.0.0 (from both). OTP_OF_N is the root of the OTP that version N is made with.
# The application depends on nothing but sasl. OUT/broken.tar.gz is a 3.0.0 that does not come up.
set -eu
beamrel=$1 out=$2
shift 2
mkdir -p "$out"
cd "$out"
from=''
version=0
for otp in "$@"; do
	version=$((version + 1))
	mkdir -p "$version/lib/tiny/ebin"
	cat >tiny.erl <<-END
		-module(tiny).
		-behaviour(application).
		-behaviour(supervisor).
		-export([start/2, stop/1, init/1, version/0]).
		start(_, _) -> supervisor:start_link({local, tiny}, tiny, []).
		stop(_) -> ok.
		init([]) -> {ok, {{one_for_one, 1, 5}, [{tiny_count, {tiny_count, start_link, []}, permanent, 5000, worker, [tiny_count]}]}}.
		version() -> $version.
	END
	cat >tiny_count.erl <<-END
		-module(tiny_count).
		-behaviour(gen_server).
		-export([start_link/0, init/1, handle_call/3, handle_cast/2, code_change/3, next/0]).
		start_link() -> gen_server:start_link({local, tiny_count}, tiny_count, [], []).
		init([]) -> {ok, {$version, 0}}.
		next() -> gen_server:call(tiny_count, next).
		handle_call(next, _, {V, N}) -> {reply, {V, N}, {V, N + 1}}.
		handle_cast(_, S) -> {noreply, S}.
		code_change(_, {_, N}, _) -> {ok, {$version, N}}.
	END
	erlc +deterministic -o "$version/lib/tiny/ebin" tiny.erl tiny_count.erl
	cat >"$version/lib/tiny/ebin/tiny.app" <<-END
		{application, tiny, [{description, ""}, {vsn, "$version.0.0"}, {modules, [tiny, tiny_count]},
		 {registered, [tiny, tiny_count]}, {applications, [kernel, stdlib, sasl]}, {mod, {tiny, []}}]}.
	END
	echo "[{tiny, [{greeting, \"hello of $version\"}]}, {sasl, [{sasl_error_logger, false}]}]." >"$version/sys.config"
	cat >"$version/release.yaml" <<-END
		release:
		  name: tiny
		  version: $version.0.0
		  otp: $otp
		  paths: [lib]
		  applications: [sasl, tiny]
		  config: {sys: sys.config}
		  checks: {undefined_calls: off, native: off}
	END
	if [ "$version" -eq 1 ]; then
		"$beamrel" pack --spec 1/release.yaml --output tiny-1.0.0.tar.gz
	else
		# shellcheck disable=SC2086
		"$beamrel" upgrade --spec "$version/release.yaml" $from --output "tiny-$version.0.0.tar.gz" 2>"$version/warnings"
	fi
	from="$from --from tiny-$version.0.0.tar.gz"
done
