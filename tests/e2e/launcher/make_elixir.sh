#!/bin/sh
# make_elixir.sh TEMPLATES OUTPUT: releases of one small Elixir project, made by `mix release`, for the tests of the
# launcher, each with the launcher of TEMPLATES as bin/ours beside mix's own:
#   plain    runtime.exs runs in the VM that stays
#   reboot   reboot_system_after_config
#   prune    the same, with prune_runtime_sys_config_after_boot and start_distribution_during_config
# Their application does what its tests ask for by environment variables:
#   DEMO_BOOTS    a file that gets a line at each start of the application
#   DEMO_FACTS    a file that gets what the system sees of its surroundings, once all is up
#   DEMO_X        a value that runtime.exs reads
#   DEMO_RUNTIME  a file that gets a line each time runtime.exs runs
#   DEMO_RAISE    runtime.exs fails

set -eu
templates=$(CDPATH='' cd -- "$1" && pwd)
project=$(CDPATH='' cd -- "$(dirname -- "$0")/elixir" && pwd)
mkdir -p "$2"
cp -R "$project" "$2/project"
cd "$2"
out=$PWD
cd project
export MIX_ENV=prod MIX_HOME="$out/home"
version=$(elixir --short-version)
for name in plain reboot prune; do
	mix release --quiet "$name" --path "$out/$name"
	cat "$templates/launcher/"*.sh | sed "s/\${release_name}/$name/g; s/\${release_version}/1.0.0/g
		s/\${erts_included}/true/g; s/\${elixir_version}/$version/g" >"$out/$name/bin/ours"
	chmod 755 "$out/$name/bin/ours"
done
