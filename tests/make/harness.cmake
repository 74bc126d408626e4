# For the tests of beamrelease.mk; beside what ../cmake/harness.cmake has. WORK has no space in its name here: Make could
# not build there. BEAMRELEASE is the folder that holds beamrelease.mk.
include("${CMAKE_CURRENT_LIST_DIR}/../cmake/harness.cmake")
set(MAKE_TESTS "${ROOT}/tests/make")

# The fixture of CMake, with its description for Make, as WORK/<name>.
function(fresh_make_fixture name)
    fresh_fixture("${name}")
    file(COPY "${MAKE_TESTS}/fixture/Makefile" DESTINATION "${WORK}/${name}")
endfunction()

# make_run(<out> <result> <folder> <argument>...)
function(make_run out result folder)
    execute_process(COMMAND "${CMAKE_COMMAND}" -E env --unset=MAKEFLAGS --unset=MFLAGS --unset=MAKELEVEL --unset=O
            "BEAMRELEASE=${BEAMRELEASE}" "BEAMREL=${BEAMREL}" make ${ARGN}
        WORKING_DIRECTORY "${folder}" RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    set(${out} "${output}" PARENT_SCOPE)
    set(${result} "${status}" PARENT_SCOPE)
endfunction()

# make_must(<folder> <argument>...): succeeds; sets `output`.
function(make_must folder)
    make_run(output result "${folder}" ${ARGN})
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "make ${ARGN}\nended with ${result}:\n${output}")
    endif()
    set(output "${output}" PARENT_SCOPE)
endfunction()

# make_step(<what> <folder> <argument>... [EXPECT <what runs>...]): exactly that runs, in any order; after that nothing.
function(make_step what folder)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "EXPECT")
    message(STATUS "${what}")
    make_must("${folder}" ${arg_UNPARSED_ARGUMENTS})
    string(REPLACE ";" "," lines "${output}")
    string(REGEX MATCHALL "(Compiling|Assembling|Packing|Making|Linking|Installing) [^\n]*" ran "${lines}")
    list(FILTER ran EXCLUDE REGEX "compile driver|\\.c$")
    list(SORT ran)
    list(SORT arg_EXPECT)
    if(NOT "${ran}" STREQUAL "${arg_EXPECT}")
        fault("${what}: expected these to run: ${arg_EXPECT}\nran: ${ran}\n${output}")
    endif()
    make_must("${folder}" ${arg_UNPARSED_ARGUMENTS})
    list(FILTER arg_UNPARSED_ARGUMENTS EXCLUDE REGEX "=|^-")
    foreach(goal IN LISTS arg_UNPARSED_ARGUMENTS)
        string(REPLACE "make: Nothing to be done for '${goal}'.\n" "" output "${output}")
    endforeach()
    if(NOT output MATCHES "^(make: Nothing to be done for 'all'.\n)?$")
        fault("${what}, then again: make had work to do:\n${output}")
    endif()
endfunction()

# Everything in two folders is the same: names, kinds, modes, bytes.
function(expect_same_tree what one other)
    foreach(folder IN ITEMS "${one}" "${other}")
        run(listing sh -c "cd '${folder}' && find . -printf '%p %y %m %l\\n' | sort")
        string(SHA256 listed_${folder} "${listing}")
        list(APPEND listings "${listing}")
    endforeach()
    if(NOT listed_${one} STREQUAL listed_${other})
        fault("${what}: names, kinds or modes differ:\n${listings}")
    endif()
    execute_process(COMMAND diff -r --no-dereference "${one}" "${other}" RESULT_VARIABLE result OUTPUT_VARIABLE output)
    if(NOT result EQUAL 0)
        fault("${what}: bytes differ:\n${output}")
    endif()
endfunction()
