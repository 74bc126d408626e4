#!/bin/sh
# make_upgrades_elixir.sh BEAMREL OUTPUT: the release `tiny` with Elixir, in the versions 1.0.0 and 1.1.0, for the tests of
# upgrades: OUTPUT/KIND/VSN.tar.gz, and OUTPUT/KIND/1.0.0 unpacked. Their runtime.exs reads TINY_X, and raises if there is TINY_RAISE.
#   plain   runtime.exs runs in the VM that stays
#   reboot  reboot_system_after_config

set -eu
beamrel=$1
mkdir -p "$2"
cd "$2"
otp=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
elixir=$(elixir -e 'IO.write(Path.dirname(Application.app_dir(:elixir)))')
for version in 1.0.0 1.1.0; do
	ebin=apps/$version/tiny-$version/ebin
	mkdir -p "$ebin"
	cat >tiny.ex <<-eof
		defmodule Tiny do
		  use Application
		  def start(_, _), do: Supervisor.start_link([Tiny.Server], strategy: :one_for_one)
		  def config_change(changed, new, removed), do: :persistent_term.put(Tiny, {changed, new, removed})
		  def changes, do: :persistent_term.get(Tiny, nil)
		end
		defmodule Tiny.Server do
		  use GenServer
		  @vsn "$version"
		  def start_link(_), do: GenServer.start_link(__MODULE__, 0, name: __MODULE__)
		  def next, do: {@vsn, GenServer.call(__MODULE__, :next)}
		  def init(n), do: {:ok, n}
		  def handle_call(:next, _, n), do: {:reply, n + 1, n + 1}
		end
	eof
	elixirc --ignore-module-conflict -o "$ebin" tiny.ex
	cat >"$ebin/tiny.app" <<-eof
		{application,tiny,[{description,"for tests"},{vsn,"$version"},{modules,['Elixir.Tiny','Elixir.Tiny.Server']},{registered,[]},
		 {applications,[kernel,stdlib,sasl,elixir]},{env,[{since,"$version"}]},{mod,{'Elixir.Tiny',[]}}]}.
	eof
	cat >"runtime-$version.exs" <<-eof
		import Config
		if System.get_env("TINY_RAISE"), do: raise("asked to raise")
		config :tiny, x: {"$version", System.get_env("TINY_X", "none"), Application.get_env(:tiny, :fixed)}
		config :tiny, nested: [b: "$version"]
	eof
	echo "[{tiny, [{fixed, \"of $version\"}, {nested, [{a, 1}]}]}]." >"$version.config"
done
for kind in plain reboot; do
	mkdir "$kind"
	reboot=false
	[ "$kind" = plain ] || reboot=true
	for version in 1.0.0 1.1.0; do
		cat >"$kind-$version.yaml" <<-eof
			release:
			  name: tiny
			  version: $version
			  applications: [sasl, elixir, tiny]
			  paths: [apps/$version, $elixir]
			  otp: $otp
			  config: {sys: $version.config, runtime: runtime-$version.exs}
			  elixir: {reboot_system_after_config: $reboot}
		eof
	done
	"$beamrel" assemble --spec "$kind-1.0.0.yaml" --output "$kind/1.0.0"
	"$beamrel" pack --spec "$kind-1.0.0.yaml" --output "$kind/1.0.0.tar.gz"
	"$beamrel" upgrade --spec "$kind-1.1.0.yaml" --from "$kind/1.0.0.tar.gz" --output "$kind/1.1.0.tar.gz"
done
