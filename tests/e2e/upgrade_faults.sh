#!/bin/bash
# usage: upgrade_faults.sh BEAMREL SOURCE_DIR
# The node, or the command, is killed at its N-th change of a file of the release, and the disk is full from the N-th on, while a
# version is installed, made permanent and left again: the node starts again, or stays up, in one version, whole, and
# the same command then succeeds and leaves the tree that it leaves without a fault. The steps are spread evenly over all there
# are; UPGRADE_FAULTS=all takes each. Then packages with a wrong byte or an end that is missing, and a disk that is full in truth.
set -euo pipefail
beamrel=$1 source=$2
work=$(mktemp -d)
RELEASE_STATE_DIR=$work/state
RELEASE_UPGRADE_TIMEOUT=60
export RELEASE_STATE_DIR RELEASE_UPGRADE_TIMEOUT RELEASE_MODE=interactive
unset ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS
root=$work/release tiny=$work/release/bin/tiny fault=''

clean() {
	local pid
	pid=$("$tiny" pid 2>/dev/null) || return 0
	kill -KILL "$pid" 2>/dev/null || :
	while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
}
trap 'clean; rm -rf "$work"' EXIT

fail() {
	echo "upgrade_faults.sh: $fault: $*" >&2
	exit 1
}

otp=$(erl -noinput -eval 'io:put_chars(code:root_dir()), halt().')
"$source/tests/e2e/upgrade/make.sh" "$beamrel" "$work/packages" "$otp" "$otp"
cc -O2 -Wall -Wextra -Werror -shared -fPIC -o "$work/step.so" "$source/tests/e2e/upgrade/step.c"
mkdir "$work/base" "$work/up"
tar -xzf "$work/packages/tiny-1.0.0.tar.gz" -C "$work/base"
cp "$work/packages/tiny-2.0.0.tar.gz" "$work/base/releases"

# control ARMED KILL_AT FULL_AT; counted
control() {
	python3 -c 'import struct, sys; open(sys.argv[1], "r+b").write(struct.pack("<8q", int(sys.argv[2]), 0, int(sys.argv[3]), int(sys.argv[4]), 0, 0, 0, 0))' "$work/control" "$@"
}
counted() {
	python3 -c 'import struct, sys; print(struct.unpack("<8q", open(sys.argv[1], "rb").read())[1])' "$work/control"
}
export STEP_FOLDER=$root STEP_CONTROL=$work/control
head -c 64 /dev/zero >"$work/control"

# give FOLDER: the release as it is there, running with what counts its steps.
give() {
	clean
	rm -rf "$root" "$RELEASE_STATE_DIR"
	cp -a --reflink=auto "$1" "$root"
	LD_PRELOAD=$work/step.so "$tiny" daemon >"$work/said" 2>&1 || fail "does not start: $(cat "$work/said")"
}

# What there is, without what differs from run to run: RELEASES is compared as terms, in any order.
tree() {
	(cd "$root" && find . -path ./releases/RELEASES -prune -o -printf '%p %y %m %l ' \( -type f -exec sha256sum {} \; -o -printf '\n' \)) | LC_ALL=C sort
	"$tiny" versions | LC_ALL=C sort
}

# is_whole: one version runs, all of it, and all that is named is there.
is_whole() {
	local version permanent said
	permanent=$("$tiny" versions | sed -n 's/ permanent$//p')
	# One that could not be made permanent runs all the same, and is told as such.
	version=$("$tiny" versions | sed -n 's/ current$//p')
	version=${version:-$permanent}
	said=$("$tiny" rpc '{lists:keyfind(tiny, 1, application:which_applications()), tiny:version(), [beam_lib:md5(code:which(M)) =:= {ok, {M, M:module_info(md5)}} || M <- [tiny, tiny_count]], is_tuple(tiny_count:next())}' | tr -d ' \n')
	[ "$said" = "{{tiny,[],\"$version\"},${version%%.*},[true,true],true}" ] || fail "it says '$version', and there runs $said"
	grep -q " $permanent\$" "$root/releases/start_erl.data" || fail "start_erl.data has $(cat "$root/releases/start_erl.data")"
	"$tiny" rpc '{ok, [L]} = file:consult(code:root_dir() ++ "/releases/RELEASES"),
		[true = filelib:is_dir(filename:join([code:root_dir(), D, "ebin"])) || {release, _, _, _, Libs, _} <- L, {_, _, D} <- Libs],
		[true = filelib:is_file(code:root_dir() ++ "/releases/" ++ V ++ "/start.boot") || {release, _, V, _, _, _} <- L],
		[true = filelib:is_dir(code:root_dir() ++ "/erts-" ++ E) || {release, _, _, E, _, _} <- L],
		ok' || fail "RELEASES names what is not there"
}

runs() {
	"$tiny" ping >/dev/null 2>&1
}

# try WHAT BASE TARGET COMMAND...: one fault, what it has left, and the command once more.
try() {
	local how=$1 step=$2 target=$3
	shift 3
	fault="$* ($how at $step)"
	case $how in
	node)
		control 1 "$step" 0
		"$tiny" "$@" >"$work/said" 2>&1 || :
		;;
	command)
		control 1 "$step" 0
		STEP_GROUP=yes LD_PRELOAD=$work/step.so setsid --wait "$tiny" "$@" >"$work/said" 2>&1 || :
		;;
	full)
		control 1 0 "$step"
		"$tiny" "$@" >"$work/said" 2>&1 || :
		;;
	esac
	control 0 0 0
	runs || "$tiny" daemon >"$work/again" 2>&1 || fail "does not start again: $(cat "$work/again")"
	is_whole
	"$tiny" "$@" >"$work/again" 2>&1 || fail "once more: $(cat "$work/again"); first: $(cat "$work/said")"
	is_whole
	tree >"$work/tree"
	diff "$target" "$work/tree" >"$work/diff" || fail "what is there differs: $(cat "$work/diff")"
}

# What is there without a fault, and how many steps that takes.
give "$work/base"
control 1 0 0
"$tiny" install 2.0.0 >/dev/null
up=$(counted)
control 0 0 0
tree >"$work/tree.up"
cp -a "$root/." "$work/up"
control 1 0 0
"$tiny" downgrade 1.0.0 >/dev/null
down=$(counted)
control 0 0 0
tree >"$work/tree.down"

total=0
# each COUNT OF BASE HOW TARGET COMMAND...: COUNT steps of OF.
each() {
	local count=$1 of=$2 base=$3 how=$4 target=$5 n=0
	shift 5
	[ "${UPGRADE_FAULTS:-}" != all ] || count=$of
	while [ "$n" -lt "$count" ]; do
		give "$base"
		try "$how" $((1 + n * (of - 1) / (count > 1 ? count - 1 : 1))) "$target" "$@"
		n=$((n + 1)) total=$((total + 1))
	done
}
each 9 "$up" "$work/base" node "$work/tree.up" install 2.0.0
each 7 "$down" "$work/up" node "$work/tree.down" downgrade 1.0.0
each 5 24 "$work/base" command "$work/tree.up" install 2.0.0
each 3 12 "$work/up" command "$work/tree.down" downgrade 1.0.0
each 4 "$up" "$work/base" full "$work/tree.up" install 2.0.0
each 3 "$down" "$work/up" full "$work/tree.down" downgrade 1.0.0

# --- packages that are damaged -----------------------------------------------------------------

# plain: the base, running, with nothing that counts.
plain() {
	clean
	rm -rf "$root" "$RELEASE_STATE_DIR"
	cp -a --reflink=auto "$work/base" "$root"
	"$tiny" daemon >"$work/said" 2>&1 || fail "does not start: $(cat "$work/said")"
}

# refused REASON COMMAND...: with status 1 and that reason; nothing is left, and the node is up.
refused() {
	local reason=$1 status=0
	shift
	"$tiny" "$@" >"$work/said" 2>&1 || status=$?
	[ "$status" = 1 ] || fail "status $status: $(cat "$work/said")"
	grep -q "$reason" "$work/said" || fail "wants '$reason': $(cat "$work/said")"
	files >"$work/now"
	diff "$work/before" "$work/now" >"$work/diff" || fail "left or lost: $(cat "$work/diff")"
	runs || fail "the node is down"
}

# Each entry by kind, mode and size; what unpacking writes in place by its contents.
files() {
	(cd "$root" && find . ! -path './releases/upgrade.lock' ! -type d -printf '%p %y %m %s %l\n' -o -type d -printf '%p\n'; cksum releases/RELEASES releases/start_erl.data) | LC_ALL=C sort
}

plain
files >"$work/before"
good=$root/releases/tiny-2.0.0.tar.gz
size=$(stat -c %s "$good") damaged=0
bad=$work/bad.tar.gz
# Bytes 4 to 9 of the header are a time and the like, which no checksum knows. The last eight are checksum and length.
for offset in 0 2 3 10 $((size - 8)) $((size - 5)) $((size - 4)) $((size - 1)) $(seq 37 $((size / 16)) $((size - 9))); do
	fault="byte $offset of $size is wrong"
	cp "$good" "$bad"
	python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2])); b = f.read(1)[0]; f.seek(-1, 1); f.write(bytes([b ^ (1 << int(sys.argv[2]) % 8)]))' "$bad" "$offset"
	refused "bad.tar.gz is damaged" unpack "$bad"
	damaged=$((damaged + 1))
done
for cut in 1 18 $((size / 2)) $((size - 9)); do
	fault="cut after $cut of $size"
	head -c "$cut" "$good" >"$bad"
	refused "bad.tar.gz is damaged" unpack "$bad"
	damaged=$((damaged + 1))
done
for name in /outside lib/tiny-2.0.0/../../../outside; do
	fault="a member $name"
	python3 - "$good" "$bad" "$name" <<-'END'
		import io, sys, tarfile
		with tarfile.open(sys.argv[1]) as old, tarfile.open(sys.argv[2], "w:gz") as new:
		    for member in old:
		        new.addfile(member, old.extractfile(member) if member.isreg() else None)
		    one = tarfile.TarInfo(sys.argv[3])
		    one.size = 4
		    new.addfile(one, io.BytesIO(b"out\n"))
	END
	refused "which leads out of the release" unpack "$bad"
	if [ -e "$work/outside" ] || [ -e /outside ]; then fail "it is there"; fi
	damaged=$((damaged + 1))
done
fault="the good package after all these"
"$tiny" install 2.0.0 >"$work/said" 2>&1 || fail "$(cat "$work/said")"
is_whole
tree >"$work/tree"
diff "$work/tree.up" "$work/tree" >"$work/diff" || fail "what is there differs: $(cat "$work/diff")"

fault="back to a version that was removed"
"$tiny" remove 1.0.0 >/dev/null
files >"$work/before"
refused "there is no package of version '1.0.0'" downgrade 1.0.0
is_whole
"$tiny" unpack "$work/packages/tiny-1.0.0.tar.gz" >"$work/said" 2>&1 || fail "$(cat "$work/said")"
"$tiny" downgrade 1.0.0 >"$work/said" 2>&1 || fail "$(cat "$work/said")"
is_whole
clean

# --- a disk that is full ------------------------------------------------------------------------

# In a name space of its own, as nothing shall stay mounted. A `df` that promises too much: then it is found only in the
# middle of unpacking, after so many pages or files, that there is no more room.
disk() {
	mkdir -p "$work/disk" "$work/bin"
	printf '#!/bin/sh\necho Filesystem\necho tmpfs 9999999 0 9999999 0%% /\n' >"$work/bin/df"
	chmod +x "$work/bin/df"
	mount -t tmpfs -o size=512m,nr_inodes=20000 tmpfs "$work/disk"
	root=$work/disk tiny=$work/disk/bin/tiny RELEASE_STATE_DIR=$work/disk/tmp
	cp -a "$work/base/." "$root"
	rm "$root/releases/tiny-2.0.0.tar.gz"
	good=$work/packages/tiny-2.0.0.tar.gz
	"$tiny" daemon >"$work/said" 2>&1 || fail "does not start: $(cat "$work/said")"
	local free
	local said_full='no space left on device\|enospc\|cannot write\|No space left'
	disk_files >"$work/before"
	fault="a full disk, and df says so"
	fill 4
	refused_full 'needs [0-9]* MB in .* where 0 are free' unpack "$good"
	for free in 0 1 3 8; do
		fault="a disk with $free pages left"
		fill "$free"
		PATH=$work/bin:$PATH refused_full "$said_full" unpack "$good"
	done
	for free in 0 4; do
		fault="a disk with room for $free files"
		spare "$free"
		refused_full "$said_full" unpack "$good"
	done
	fault="a disk with room again"
	is_whole
	"$tiny" unpack "$good" >"$work/said" 2>&1 || fail "$(cat "$work/said")"
	disk_files >"$work/before"
	for free in 0 1; do
		fault="an install with $free pages left"
		fill "$free"
		refused_full "$said_full" install 2.0.0
	done
	fault="a disk with room again, at last"
	"$tiny" install 2.0.0 >"$work/said" 2>&1 || fail "$(cat "$work/said")"
	is_whole
	clean
	umount "$work/disk"
}

disk_files() {
	files | grep -v '^\./\(tmp\|fill\)' || :
}

# fill PAGES: all but these are taken; spare FILES: the same for files.
fill() {
	rm -f "$root/fill"
	fallocate -l $((($(stat -f -c %a "$root") - $1) * 4096)) "$root/fill" || fail "cannot fill"
}
spare() {
	mkdir "$root/fill"
	(cd "$root/fill" && seq $(($(stat -f -c %d "$root") - $1)) | xargs touch)
}

# refused_full REASON COMMAND...: as `refused`; there is room again then.
refused_full() {
	local reason=$1 status=0
	shift
	"$tiny" "$@" >"$work/said" 2>&1 || status=$?
	[ "$status" = 1 ] || fail "status $status: $(cat "$work/said")"
	grep -q "$reason" "$work/said" || fail "wants '$reason': $(cat "$work/said")"
	runs || fail "the node is down: $(cat "$work/said")"
	disk_files >"$work/now"
	diff "$work/before" "$work/now" >"$work/diff" || fail "left or lost: $(cat "$work/diff"); it says: $(cat "$work/said")"
	rm -rf "$root/fill"
}

export -f disk disk_files fill spare refused_full fail files clean is_whole runs
export work source beamrel
unshare --mount bash -euo pipefail -c 'trap clean EXIT; disk'
echo "upgrade_faults.sh: ok; $total faults of $up and $down steps of the node, $damaged packages"
