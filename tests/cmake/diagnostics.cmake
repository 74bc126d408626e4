# Every mistake in a call ends the run with a message that names function, target and what is wrong. A file in
# diagnostics/ is one case: the lines of a CMakeLists.txt; its first lines, "# expect: <regex>", are the message.
# Without such a line the case must pass.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

fresh_fixture(source)
set(source "${WORK}/source")
file(GLOB cases "${TESTS}/diagnostics/*.cmake")
set(count 0)
foreach(case IN LISTS cases)
    get_filename_component(name "${case}" NAME_WE)
    file(STRINGS "${case}" expected REGEX "^# expect: ")
    list(TRANSFORM expected REPLACE "^# expect: " "")
    file(WRITE "${source}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.22)\n"
        "project(diagnostics VERSION 1.0.0 LANGUAGES NONE)\n"
        "find_package(BeamRelease REQUIRED COMPONENTS Erlang)\n"
        "include(\"${case}\")\n")
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -S "${source}" -B "${WORK}/build" -G "${GENERATOR}"
                "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DBeamRelease_GENERATOR=${BEAMREL}"
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    # CMake wraps messages.
    string(REGEX REPLACE "[ \n]+" " " output "${output}")
    if(NOT expected AND NOT result EQUAL 0)
        fault("${name}: must pass, but:\n${output}")
    elseif(expected AND result EQUAL 0)
        fault("${name}: passed, but must fail")
    endif()
    foreach(regex IN LISTS expected)
        expect_match("${name}" "${regex}" "${output}")
    endforeach()
    math(EXPR count "${count} + 1")
endforeach()
message(STATUS "${count} cases")
