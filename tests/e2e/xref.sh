#!/bin/bash
# xref.sh BEAMREL SOURCE_DIR
# The check undefined_calls finds what OTP's xref finds, in a system that no one here wrote: ejabberd calls drivers that
# Debian packs apart.
set -euo pipefail
beamrel=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

root=$("$source/scripts/otp-root" systems)
cp -r "$source/tests/e2e/ejabberd" "$work/spec"
ln -s "$root" "$work/spec/system"
ln -s "$root/$(cd "$root" && compgen -G 'usr/lib/*-linux-gnu' | head -n 1)" "$work/spec/libraries"
cd "$work"
spec=(--spec spec/release.yaml --set checks.undefined_calls=warn)
"$beamrel" check "${spec[@]}" --color never 2>messages >/dev/null
sed -n "s/.*warning: '\(.*\)' calls a module that is not in the release: \([^:]*\):.*/\1 \2/p" messages | sort >found
[ -s found ] || { cat messages >&2; echo "xref.sh: nothing was found" >&2; exit 1; }

# What ejabberd's own modules call; the others are in the OTP root's lib, and are not looked at.
"$beamrel" assemble --quiet "${spec[@]}" --output out
erl -noshell -eval '
	{ok, _} = xref:start(s, [{xref_mode, modules}]),
	ok = xref:set_default(s, [{warnings, false}, {verbose, false}]),
	[{ok, _} = xref:add_directory(s, D) || D <- filelib:wildcard("out/lib/*/ebin")],
	{ok, _} = xref:add_directory(s, filename:join([code:lib_dir(erts), "ebin"])),
	{ok, Undefined} = xref:analyze(s, undefined_functions),
	Gone = lists:usort([M || {M, _, _} <- Undefined]),
	[Ebin] = filelib:wildcard("out/lib/ejabberd-*/ebin"),
	Own = [list_to_atom(filename:basename(F, ".beam")) || F <- filelib:wildcard(Ebin ++ "/*.beam")],
	{ok, Calls} = xref:q(s, "ME"),
	[io:format("ejabberd ~s~n", [M]) || M <- lists:usort([To || {From, To} <- Calls,
		lists:member(From, Own), lists:member(To, Gone)])],
	halt().' | sort >wanted
diff wanted found || { echo "xref.sh: xref finds other modules (<) than beamrel (>)" >&2; exit 1; }
echo "xref.sh: $(wc -l <found) modules: ok"
