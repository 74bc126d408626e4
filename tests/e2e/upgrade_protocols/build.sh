#!/bin/sh
# build.sh, run by ../upgrade_protocols.sh where the wanted OTP is at home: compiles both versions.
set -eu
for release in 1.0 2.0; do
	ebin=lib-$release/shapes/ebin
	mkdir -p "$ebin" "consolidated-$release"
	elixirc --no-docs -o "$ebin" "$release.ex" >/dev/null
	modules=$(cd "$ebin" && printf "'%s'," *.beam | sed 's/\.beam//g; s/,$//')
	printf '{application, shapes, [{description, "Shapes"}, {vsn, "%s"}, {modules, [%s]},\n' \
		"$release" "$modules" >"$ebin/shapes.app"
	printf ' {registered, []}, {applications, [kernel, stdlib, elixir]}]}.\n' >>"$ebin/shapes.app"
	# as mix consolidates
	elixir -pa "$ebin" -e '
		[ebin, out] = System.argv()
		paths = [String.to_charlist(ebin), :code.lib_dir(:elixir, :ebin)]
		for protocol <- Protocol.extract_protocols(paths) do
			impls = Protocol.extract_impls(protocol, paths)
			{:ok, beam} = Protocol.consolidate(protocol, impls)
			File.write!(Path.join(out, "#{protocol}.beam"), beam)
		end' "$ebin" "consolidated-$release"
done
erlc driver.erl
erl -noshell -eval 'io:put_chars(code:root_dir()), halt().' >otp
elixir -e 'IO.write(Path.dirname(Path.expand(:code.lib_dir(:elixir))))' >elixir_lib
