#!/bin/bash
# usage: tests/e2e/real.sh BEAMREL
# Applications that no one here wrote, in the two versions that Debian's RabbitMQ 3.10 (bookworm, compiled by OTP 25) and
# 4.0 (trixie, compiled by OTP 27) bring: cowboy, cowlib, jose, prometheus, recon, credentials_obfuscation; jsx goes, thoas
# and syntax_tools come, ranch stays. A small service upon them, on OTP 27, is upgraded and downgraded while it is asked.
set -euo pipefail
shopt -s extglob
here=$(dirname "$(realpath "$0")")
beamrel=$(realpath "$1")

fail() {
	echo "real: $*" >&2
	exit 1
}

otp=$("$here/../../scripts/otp-root" 27)/usr/lib/erlang
plugins() { # of the root $1
	local root
	root=$("$here/../../scripts/otp-root" "$1")
	realpath "$root"/usr/lib/rabbitmq/lib/*/plugins
}
old=$(plugins systems) new=$(plugins plugins)
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
cd "$work"

# --- two releases -----------------------------------------------------------------------------------------------------

pick() { # FOLDER FROM APPLICATION...
	local folder=$1 from=$2 application
	mkdir "$folder"
	shift 2
	for application in "$@"; do ln -s "$from/$application"-[0-9]* "$folder"; done
}
changed=(cowboy cowlib credentials_obfuscation jose prometheus recon)
pick both "$old" ranch
pick old "$old" "${changed[@]}" jsx
pick new "$new" "${changed[@]}" thoas

release() { # VERSION FOLDER JSON
	mkdir -p "own-$1/gate/ebin"
	erlc +debug_info +deterministic "-DVERSION=\"$1\"" -o "own-$1/gate/ebin" "$here"/real/gate/*.erl
	cat >"own-$1/gate/ebin/gate.app" <<-END
		{application, gate, [{description, "A gate"}, {vsn, "$1"}, {registered, [gate_sup]},
			{modules, [gate_app, gate_handler, gate_sup]}, {mod, {gate_app, []}},
			{applications, [kernel, stdlib, crypto, cowboy, credentials_obfuscation, jose, $3, prometheus, recon]}]}.
	END
	cat >"$1.yaml" <<-END
		release:
		  name: gate
		  version: $1
		  otp: $otp
		  paths: [own-$1, $2, both]
		  applications: [gate, sasl]
		  checks: {undefined_calls: off, missing_applications: off} # what they call of each other only if it is there
	END
}
release 1.0.0 old jsx
release 2.0.0 new thoas
printf 'upgrade:\n  appups: appup\n' >>2.0.0.yaml
"$beamrel" pack --spec 1.0.0.yaml --output gate-1.0.0.tar.gz

# --- its upgrade: generated, but for what must be known -------------------------------------------------------------------

mkdir appup
for application in cowboy jose gate; do
	"$beamrel" appup --old "$(compgen -G "@(old|own-1.0.0)/$application*")" \
		--new "$(compgen -G "@(new|own-2.0.0)/$application*")" --output "appup/$application.appup" 2>>appup.log
done
escript "$here/real/edit.escript" appup
"$beamrel" upgrade --spec 2.0.0.yaml --from gate-1.0.0.tar.gz --output gate-2.0.0.tar.gz 2>>appup.log || {
	cat appup.log
	exit 1
}
# What no program can know was told.
grep -q "the record 'state' of 'cowboy_http2' has other fields" appup.log || fail "no word about cowboy_http2"
grep -q "'jose_app' is the callback module" appup.log || fail "no word about jose_app"
# One that forgets a module is refused.
cp -r appup forgetful
sed -i '/{load_module,cowboy_req[,}]/,/}/d' forgetful/cowboy.appup
if "$beamrel" upgrade --spec 2.0.0.yaml --set upgrade.appups=forgetful --from gate-1.0.0.tar.gz --output x.tar.gz \
	2>forgetful.log; then fail "an .appup without cowboy_req was taken"; fi
grep -q cowboy_req forgetful.log || fail "cowboy_req is not named: $(cat forgetful.log)"

# --- live -------------------------------------------------------------------------------------------------------------

mkdir -p release state
tar -xzf gate-1.0.0.tar.gz -C release
cp gate-2.0.0.tar.gz release/releases
BEAMRELEASE_BIND="$here $new" "$here/../otp/run" 27 "$work" sh "$here/real_inside.sh" "$here/real" "$new"
