#!/bin/sh
# artifacts.sh BEAMREL: what is secret on the machine that makes a release is in no file of it and of its tarball.
set -eu

beamrel=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
	echo "artifacts.sh: $*" >&2
	exit 1
}

cd "$work"
mkdir home
echo "Home0Secret" >home/.erlang.cookie
chmod 600 home/.erlang.cookie
root=$(erl -noshell -eval 'io:put_chars(code:root_dir()), halt().')
cat >release.yaml <<-end
	release:
	  name: secrets
	  version: 1.0.0
	  applications: [sasl]
	  otp: $root
end
export HOME="$work/home" RELEASE_COOKIE=Very0Secret COOKIE=Very0Secret USER=Name0OfUser LOGNAME=Name0OfUser HOSTNAME=Name0OfHost
"$beamrel" assemble --spec release.yaml --output tree
"$beamrel" pack --spec release.yaml --output tree.tar.gz
mkdir unpacked
tar -xzf tree.tar.gz -C unpacked
for secret in Home0Secret Very0Secret Name0OfUser Name0OfHost "$work"; do
	! grep -rlaF "$secret" tree unpacked || fail "'$secret' is in the files above"
done
for folder in tree unpacked; do
	found=$(find $folder -iname '*cookie*' ! -name '*.beam')
	[ -z "$found" ] || fail "a cookie: $found"
	! grep -rE '^[[:space:]]*-setcookie' $folder/releases || fail "a cookie is in the files above"
	[ -x $folder/bin/secrets ] || fail "there is no launcher in $folder, so nothing was looked at"
done
