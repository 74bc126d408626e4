#!/bin/bash
# usage: tests/e2e/docs.sh PREFIX
# Follows the pages of docs/tutorial literally: makes the file that is named before each block of code, runs each block
# of commands. Then holds README.md to the first page's project. PREFIX is where BeamRelease is installed.
set -euo pipefail
top=$(realpath "$(dirname "$(realpath "$0")")/../..")
PATH=$(realpath "$1")/bin:$PATH
CMAKE_PREFIX_PATH=$(realpath "$1")
export PATH CMAKE_PREFIX_PATH
unset RELEASE_STATE_DIR RELEASE_TMP RELEASE_COOKIE

work=$(mktemp -d)
cleanup() {
	for launcher in "$work"/*/shop/elsewhere/shop/bin/shop; do
		[ ! -x "$launcher" ] || SHOP_STOCK=0 "$launcher" stop >/dev/null 2>&1 || :
	done
	rm -rf "$work"
}
trap cleanup EXIT

fail() {
	echo "docs: $*" >&2
	exit 1
}

# shellcheck source=tests/e2e/docs_lib.sh
. "$top/tests/e2e/docs_lib.sh"

follow first-elixir-release
[ "$ran" -eq 4 ] || fail "the tutorial for Elixir has $ran blocks of commands"
grep -qx 42 ../output-2 || fail "rpc did not print 42"
grep -qF "the environment variable SHOP_STOCK is missing" ../output-3 || fail "no word of the missing variable"

follow first-release
[ "$ran" -eq 4 ] || fail "the tutorial has $ran blocks of commands"
grep -qx 42 ../output-2 || fail "rpc did not print 42"
for text in "did you mean 'inets'" "broken.config:1:"; do
	grep -qF "$text" ../output-4 || fail "the faulty spec: no '$text'"
done

first=$PWD

follow first-upgrade
[ "$ran" -eq 7 ] || fail "the tutorial for upgrades has $ran blocks of commands"
grep -qx 42 ../output-2 || fail "rpc did not print 42"
grep -q '{code_change,up,\[{shop_stock,\[\]}\]}' ../output-4 || fail "the relup changes no state"
grep -qx 43 ../output-5 || fail "the stock was not kept"
grep -qx 1 ../output-5 || fail "the deliveries are not counted"
grep -qx "$(tail -n 1 ../output-2)" ../output-5 || fail "it is another process"
grep -q '1.1.0.*permanent' ../output-5 || fail "1.1.0 is not permanent"
grep -qx 44 ../output-6 || fail "the stock was not kept on the way back"
grep -qx "shop 1.1.0" ../output-6 || fail "what was made permanent is not what starts"
grep -q "shop_upgrade.rehearse .*Passed" ../output-7 || fail "there was no rehearsal"
cd "$first"

# The README shows the same project.
mkdir "$work/readme"
split "$top/README.md" "$work/readme"
cmp "$work"/readme/block-*.cmake "$(grep -lx CMakeLists.txt ../block-*.name | sed 's/name$/cmake/')" ||
	fail "README.md and the tutorial declare different things"
cp "$work"/readme/block-*.yaml release.yaml
beamrel check --spec release.yaml
beamrel assemble --spec release.yaml --output dist/shop
beamrel pack --spec release.yaml --output dist/shop-1.4.0.tar.gz
echo "docs: the tutorials and the README hold"
