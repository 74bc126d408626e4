#!/bin/bash
# usage: tests/e2e/docs_image.sh BEAMREL SOURCE_DIR PREFIX
# Follows docs/tutorial/first-image.md literally, with a dockerd of its own. PREFIX is where BeamRelease is installed.
set -euo pipefail
top=$(realpath "$(dirname "$(realpath "$0")")/../..")
# shellcheck source=tests/e2e/engine.sh
. "$top/tests/e2e/engine.sh"
engine_enter "$0" "$@"
PATH=$(realpath "$3")/bin:$PATH
CMAKE_PREFIX_PATH=$(realpath "$3")
export PATH CMAKE_PREFIX_PATH
work=$engine/docs
mkdir "$work"
fail() {
	engine_fail "$@"
}
# shellcheck source=tests/e2e/docs_lib.sh
. "$top/tests/e2e/docs_lib.sh"

engine_docker
follow first-image
[ "$ran" -eq 3 ] || fail "the tutorial has $ran blocks of commands"
for text in "hello from a container" "status 0"; do
	grep -qx "$text" ../output-2 || fail "docker did not say '$text'"
done
[ -s build/beam/Default/image/hello_image/hello-1.0.0-image.tar ] || fail "the archive is elsewhere"
# What stands at the end of the page: one layer is new, and it is small.
grep -q '  own  (new)$' ../output-3 || fail "the layer of the application is not new"
[ "$(grep -c '(new)$' ../output-3)" -eq 1 ] || fail "more than one layer is new"
pushed=$(sed -n 's/^push: \([0-9]*\) bytes of .*/\1/p' ../output-3)
[ "$pushed" -lt 10000 ] || fail "a push would send $pushed bytes"
echo "docs: the tutorial of images holds"
