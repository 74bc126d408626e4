# For tests that are CMake scripts. A test has a folder WORK of its own, with a space in its name.
cmake_minimum_required(VERSION 3.22)

set(TESTS "${CMAKE_CURRENT_LIST_DIR}")
get_filename_component(ROOT "${TESTS}/../.." ABSOLUTE)

# Faults are collected, and end the script at the end.
function(fault)
    list(JOIN ARGN "" text)
    message(SEND_ERROR "${text}")
endfunction()

function(expect_equal what expected got)
    if(NOT expected STREQUAL got)
        fault("${what}:\n  expected: ${expected}\n  got:      ${got}")
    endif()
endfunction()

function(expect_match what regex got)
    if(NOT got MATCHES "${regex}")
        fault("${what}: does not match '${regex}':\n${got}")
    endif()
endfunction()

function(expect_there)
    foreach(path IN LISTS ARGN)
        if(NOT EXISTS "${path}" AND NOT IS_SYMLINK "${path}")
            fault("missing: ${path}")
        endif()
    endforeach()
endfunction()

function(expect_gone)
    foreach(path IN LISTS ARGN)
        if(EXISTS "${path}" OR IS_SYMLINK "${path}")
            fault("still there: ${path}")
        endif()
    endforeach()
endfunction()

# run(<out> <command>...): must succeed.
function(run out)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT result EQUAL 0)
        string(REPLACE ";" " " shown "${ARGN}")
        message(FATAL_ERROR "${shown}\nended with ${result}:\n${output}")
    endif()
    set(${out} "${output}" PARENT_SCOPE)
endfunction()

# configure(<source> <build> <argument>...)
function(configure source build)
    run(output "${CMAKE_COMMAND}" -S "${source}" -B "${build}" -G "${GENERATOR}"
        -Wno-dev -DCMAKE_BUILD_TYPE=Release "-DBeamRelease_GENERATOR=${BEAMREL}" ${ARGN})
    set(output "${output}" PARENT_SCOPE)
endfunction()

# build(<build> <target>... [EXPECT <comment>...]): what ran must be exactly what is expected, in any order.
function(build build)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "EXPECT")
    run(output "${CMAKE_COMMAND}" --build "${build}" --config Release --target ${arg_UNPARSED_ARGUMENTS})
    string(REPLACE ";" "," output "${output}")
    string(REGEX MATCHALL "(Compiling|Assembling|Packing|Making|Linking C shared) [^\n]*" ran "${output}")
    list(TRANSFORM ran REPLACE "^Linking C shared .*/" "Linking ")
    list(FILTER ran EXCLUDE REGEX "compile driver")
    list(SORT ran)
    list(SORT arg_EXPECT)
    if(NOT "${ran}" STREQUAL "${arg_EXPECT}")
        fault("${STEP}: expected these to run: ${arg_EXPECT}\nran: ${ran}\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

# A step of a test: what it changed must have been built; after that nothing is left to do.
function(step what build)
    set(STEP "${what}")
    message(STATUS "${what}")
    build("${build}" ${ARGN})
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "EXPECT")
    set(STEP "${what}, then again")
    build("${build}" ${arg_UNPARSED_ARGUMENTS})
    if(GENERATOR MATCHES Ninja AND NOT output MATCHES "no work to do")
        fault("${STEP}: ninja had work to do:\n${output}")
    endif()
endfunction()

# Replaces text in a file, which must hold it.
function(edit file old new)
    file(READ "${file}" text)
    string(REPLACE "${old}" "${new}" changed "${text}")
    if(changed STREQUAL text)
        message(FATAL_ERROR "${file} does not hold '${old}'")
    endif()
    file(WRITE "${file}" "${changed}")
endfunction()

# A fresh folder WORK, holding a copy of the fixture called `name`.
function(fresh_fixture name)
    file(REMOVE_RECURSE "${WORK}")
    file(MAKE_DIRECTORY "${WORK}")
    file(COPY "${TESTS}/fixture/" DESTINATION "${WORK}/${name}" USE_SOURCE_PERMISSIONS)
endfunction()

# evaluate(<out> <lib> <expression>): what the expression gives, with the applications in the folder `lib`.
function(evaluate out lib expression)
    run(value "${CMAKE_COMMAND}" -E env "ERL_LIBS=${lib}" ERL_CRASH_DUMP_SECONDS=0 erl -noinput -boot no_dot_erlang
        -eval "io:format(\"~tw\", [${expression}]), halt().")
    set(${out} "${value}" PARENT_SCOPE)
endfunction()
