# BeamRelease on a machine without CMake: make/GNUmakefile builds a beamrel that gives the same bytes, and installs what a
# project needs.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

fresh_make_fixture(source)
set(source "${WORK}/source")
run(output make -C "${ROOT}/make" "O=${WORK}/build" -j2 install "prefix=${WORK}/prefix" CFLAGS=-O0)
run(output make -C "${ROOT}/make" "O=${WORK}/build" CFLAGS=-O0)
expect_match("a second make" "Nothing to be done for 'all'" "${output}")
run(one "${BEAMREL}" --version)
run(other "${WORK}/prefix/bin/beamrel" --version)
expect_equal("version" "${one}" "${other}")
# What CMake installs for Make, and no more or less.
run(one sh -c "cd '${PREFIX}' && find share include bin/beamrel | sort")
run(other sh -c "cd '${WORK}/prefix' && find share include bin/beamrel | sort")
expect_equal("what is installed" "${one}" "${other}")

# The same project with the one and with the other beamrel; the latter is found beside the include folder.
make_must("${source}" "O=${WORK}/cmakes" release)
edit("${source}/Makefile" "include \$(BEAMRELEASE)/beamrelease.mk" "include beamrelease.mk")
run(output "${CMAKE_COMMAND}" -E env --unset=BEAMREL --unset=MAKEFLAGS
    make -C "${source}" -I "${WORK}/prefix/include" "O=${WORK}/makes" release)
set(fixture release/fixture_release)
# Specs name the folder they are in; nothing else may differ.
expect_same_tree("release" "${WORK}/cmakes/${fixture}/fixture" "${WORK}/makes/${fixture}/fixture")
run(output cmp "${WORK}/cmakes/${fixture}/fixture-2.0.0.tar.gz" "${WORK}/makes/${fixture}/fixture-2.0.0.tar.gz")
