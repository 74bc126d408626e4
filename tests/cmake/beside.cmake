# The path of BeamRelease begins with that of the build folder, as "build tools" does with "build": neither is in the
# other. So does that of an application.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

file(REMOVE_RECURSE "${WORK}")
file(COPY "${PREFIX}/" DESTINATION "${WORK}/build tools" USE_SOURCE_PERMISSIONS)
file(WRITE "${WORK}/build app/src/one.erl" "-module(one).\n-export([f/0]).\nf() -> 1.\n")
file(WRITE "${WORK}/build app/CMakeLists.txt" "cmake_minimum_required(VERSION 3.22)
project(one VERSION 1.0 LANGUAGES NONE)
find_package(BeamRelease REQUIRED)
beam_add_application(one)
")
configure("${WORK}/build app" "${WORK}/build" "-DCMAKE_PREFIX_PATH=${WORK}/build tools")
step("build" "${WORK}/build" all EXPECT "Compiling Erlang application one")
evaluate(value "${WORK}/build/beam/Release/lib" "one:f()")
expect_equal("value" "1" "${value}")
