# shellcheck shell=sh
# Sourced by cases of faulty input: a release that has been made well, twice, and
#   try ARGUMENTS    runs beamrel, which must fail and leave everything as it was.
cp -R "$GOLDEN/base/." .
beamrel -q assemble --spec release.yaml --output out
beamrel -q pack --spec release.yaml --output shop.tar.gz

# Names, modes, times and contents of all that is here.
seal() {
	ls -A
	tar -cf - out shop.tar.gz | sha256sum
}

try() {
	before=$(seal)
	status=0
	beamrel "$@" 2>messages || status=$?
	sed "s,$PWD/,,g" messages >&2
	rm messages
	echo "$status"
	[ "$(seal)" = "$before" ] || echo "the old output has changed"
}

# A spec that is faulty, in both ways of reading it.
try_spec() {
	try assemble --spec "$1" --output out
	try pack --spec "$1" --output shop.tar.gz 2>/dev/null
}

trap 'rm -rf out' EXIT
