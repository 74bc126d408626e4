# shellcheck shell=bash
# What the tests of this folder share: `pack_tree` stands for the tool, $work for a folder that vanishes.

work=$(mktemp -d)
trap 'chmod -R u+rwx "$work" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
# shellcheck disable=SC2034 # for those that include this
epoch=315532800

# check WHAT COMMAND...: COMMAND must succeed.
check() {
	local what=$1
	shift
	if "$@" >"$work/.log" 2>&1; then
		echo "ok   $what"
	else
		echo "FAIL $what"
		sed 's/^/     /' "$work/.log" | head -40
		failed=1
	fi
}

equal() {
	[ "$1" = "$2" ] || { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2"); return 1; }
}

# Everything in a folder but times: path, kind, mode (of links: none), target, size (of files), digest (of files).
listing() {
	(
		cd "$1" && find . -mindepth 1 \( -type f -printf '%P|f|%m|%s|' -exec sha256sum '{}' ';' \) -o \
			\( -type l -printf '%P|l|%l\n' \) -o -printf '%P|%y|%m\n' |
			sed -E 's/\|([0-9a-f]{64}) .*/|\1/' | LC_ALL=C sort
	)
}

# A tree with all that is hard on archives.
hard_tree() {
	local long deep i
	long=$(printf 'n%.0s' $(seq 120))
	deep=$(printf 'w%.0s' $(seq 90))
	mkdir -p "$1/releases" "$1/empty" "$1/hé/ü" "$1/$deep/$deep/$deep" "$1/bin"
	echo '13.1 1' >"$1/releases/start_erl.data"
	echo long >"$1/$long"
	echo split >"$1/$deep/split"
	echo more >"$1/$deep/$deep/x"
	echo all >"$1/$deep/$deep/$deep/é$long"
	printf 'exactly 100 bytes of name' >"$1/$(printf 'v%.0s' $(seq 100))"
	mkdir "$1/$(printf 'u%.0s' $(seq 99))" # 100 with its '/'
	mkdir "$1/$(printf 't%.0s' $(seq 100))" # 101
	ln -s "$deep/$deep/$deep/é$long" "$1/longlink"
	ln -s "$(printf 'l%.0s' $(seq 100))" "$1/link100"
	ln -s ../nowhere "$1/hé/dangling"
	echo 'non-ASCII' >"$1/hé/ü/日本"
	printf '\377\376' >"$1/latin-$(printf '\351')"
	: >"$1/zero"
	printf '#!/bin/sh\n' >"$1/bin/run"
	chmod 755 "$1/bin/run"
	# Longer than a piece, and than what is held in memory; compressible here, not there.
	{ seq 200000; head -c 700000 "$BIG_NOISE"; } >"$1/big"
	for i in 511 512 513; do head -c "$i" "$1/big" >"$1/of-$i"; done
	find "$1" -type d -exec chmod 755 '{}' +
	find "$1" -type f ! -name run -exec chmod 644 '{}' +
}

# Bytes that do not compress, the same on each machine.
BIG_NOISE=$work/.noise
openssl enc -aes-128-ctr -K 0 -iv 0 -in /dev/zero 2>/dev/null | head -c 1000000 >"$BIG_NOISE" || true

finish() {
	exit "$failed"
}
