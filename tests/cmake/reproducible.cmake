# The same sources in two folders, with two build tools, under two surroundings: the same archive. The second folder
# has in its name what CMake and Make can bear.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

fresh_fixture(first)
file(RENAME "${WORK}/first" "${WORK}/source")
set(other "${WORK}/zweité (a) [b] {c},=")
file(COPY "${WORK}/source/" DESTINATION "${other}/source" USE_SOURCE_PERMISSIONS)

function(make_archive out source build generator umask)
    foreach(command IN ITEMS
            "cmake -G '${generator}' -Wno-dev -DCMAKE_BUILD_TYPE=Release -S \"\$1\" -B \"\$2\" -DFIXTURE_MODE=installed -DCMAKE_PREFIX_PATH=\"\$3\" -DBeamRelease_GENERATOR=\"\$4\""
            "cmake --build \"\$2\" --target tarball")
        run(output "${CMAKE_COMMAND}" -E env ${ARGN}
            sh -c "umask ${umask} && ${command}" sh "${source}" "${build}" "${PREFIX}" "${BEAMREL}")
    endforeach()
    file(SHA256 "${build}/beam/Release/release/fixture_release/fixture-2.0.0.tar.gz" digest)
    set(${out} "${digest}" PARENT_SCOPE)
endfunction()

make_archive(first "${WORK}/source" "${WORK}/build" Ninja 022 TZ=UTC LC_ALL=C)
make_archive(second "${other}/source" "${other}/build" "Unix Makefiles" 077
    TZ=Pacific/Chatham LC_ALL=C.UTF-8 HOME=/nonexistent ERL_LIBS=/tmp ERL_FLAGS=+S1
    ERL_COMPILER_OPTIONS=no_debug_info CFLAGS=)
expect_equal("the archives' digests" "${first}" "${second}")
