#!/bin/sh
# faults.sh BEAMREL SOURCE_DIR
# A disk that is full and folders that cannot be written, really: what was there stays whole, the message says what to
# do, the exit status is 1. Needs root, for the disk.
set -eu
beamrel=$1 source=$2
[ "$(id -u)" = 0 ] || {
	echo "faults.sh: needs root to make a small disk: run it as root, or with sudo" >&2
	exit 1
}
if [ "${3:-}" != inside ]; then
	exec unshare --mount "$0" "$beamrel" "$source" inside
fi

work=$(mktemp -d)
trap 'umount "$work/disk" 2>/dev/null || :; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
cp -R "$source/tests/golden/toy" .
cp toy/release.yaml .
mkdir disk
mount -t tmpfs -o size=640k,mode=777 tmpfs disk

fail() {
	echo "faults.sh: $*" >&2
	exit 1
}

# faulty WHAT PATTERN COMMAND...: it fails with such a message and leaves the disk as it was
faulty() {
	what=$1 pattern=$2
	shift 2
	find disk -mindepth 1 -exec ls -ld --time-style=full-iso {} + >before
	status=0
	"$@" 2>messages || status=$?
	[ "$status" -eq 1 ] || fail "$what: exit status $status"
	grep -q "$pattern" messages || {
		cat messages >&2
		fail "$what: no '$pattern' in the message"
	}
	find disk -mindepth 1 -exec ls -ld --time-style=full-iso {} + >after
	diff before after >&2 || fail "$what: it left something behind, or took something away"
}

# --- full -----------------------------------------------------------------------------------------

"$beamrel" assemble --spec release.yaml --output disk/out
"$beamrel" pack --spec release.yaml --output disk/out.tar
head -c 600000 /dev/urandom >big
cat >full.yaml <<-EOF
	release:
	  name: toy
	  version: 1.0.1
	  otp: toy/otp
	  paths: [toy/lib]
	  applications: [alpha]
	  overlays: [{from: big, to: big}]
EOF
faulty "assemble on a full disk" "No space left on device" "$beamrel" assemble --spec full.yaml --output disk/out
faulty "pack on a full disk" "No space left on device" "$beamrel" pack --spec full.yaml --output disk/out.tar
faulty "assemble for the first time" "No space left on device" "$beamrel" assemble --spec full.yaml --output disk/new
faulty "pack for the first time" "No space left on device" "$beamrel" pack --spec full.yaml --output disk/new.tar.gz

# --- not writable ------------------------------------------------------------------------------------

chmod -R go-w disk
nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
cp "$beamrel" "$work/beamrel"
faulty "assemble over another's" "Permission denied" nobody ./beamrel assemble --spec full.yaml --output disk/out
faulty "assemble in another's folder" "Permission denied" nobody ./beamrel assemble --spec full.yaml --output disk/new
faulty "pack in another's folder" "Permission denied" nobody ./beamrel pack --spec full.yaml --output disk/new.tar.gz
chmod 000 toy/lib/alpha/ebin/alpha.beam
faulty "a file that may not be read" "alpha.beam.*Permission denied" \
	nobody ./beamrel assemble --spec release.yaml --output disk/new
echo file >file
faulty "a file where a folder should be" "file" "$beamrel" assemble --spec release.yaml --output file/out
mknod device c 1 7
faulty "a device" "device" "$beamrel" pack --spec release.yaml --output device
[ -c device ] || fail "the device is gone"
echo "faults.sh: ok"
