#!/bin/sh
# inside.sh VERSION, run by ../upgrade.sh where the packages' OTP is at home.
set -eu

for release in 1.0 1.1 2.0; do
	mkdir "tree-$release"
	tar -xzf "tally-$release.tar.gz" -C "tree-$release"
done
erl -noshell -run driver systools

PACKAGES=$PWD
export PACKAGES
for way in chain far; do
	mkdir "$way"
	tar -xzf tally-1.0.tar.gz -C "$way"
	(
		# for release_handler of OTP 23, the folders in RELEASES begin at the current one
		[ "$1" != 23 ] || cd "$way"
		root=$PACKAGES/$way
		timeout 120 "$root"/erts-*/bin/erl -noshell -boot "$root/releases/1.0/start" \
			-config "$root/releases/1.0/sys" -pa "$PACKAGES" -run driver "$way"
	)
done
