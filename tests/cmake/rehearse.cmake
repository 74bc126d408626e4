# Rehearsals, as CTest runs them: an upgrade that is as it should be, and faults that they are there to find.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

file(REMOVE_RECURSE "${WORK}")
file(COPY "${TESTS}/upgrade/" DESTINATION "${WORK}/source" USE_SOURCE_PERMISSIONS)
set(source "${WORK}/source")
set(build "${WORK}/build")
set(results "${build}/beam/Release/test/results/tally_upgrade.rehearse")
configure("${source}" "${build}" "-DCMAKE_PREFIX_PATH=${PREFIX}")
run(output "${CMAKE_COMMAND}" --build "${build}" --target tarball)
file(COPY "${build}/beam/Release/release/tally_release/tally-1.0.0.tar.gz" DESTINATION "${source}/dist")

# rehearse(<result> <output> <cache entry>...)
function(rehearse out_result out_output)
    configure("${source}" "${build}" -DTALLY_VERSION=2.0.0 -DTALLY_FROM=dist/tally-1.0.0.tar.gz ${ARGN})
    execute_process(COMMAND "${CMAKE_CTEST_COMMAND}" --test-dir "${build}" -L rehearse --output-on-failure -V
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    set(${out_result} "${result}" PARENT_SCOPE)
    set(${out_output} "${output}" PARENT_SCOPE)
endfunction()

# finds(<what> <cache entry> <regex>...): the rehearsal fails, says so, and has left nothing that runs.
function(finds what entry)
    message(STATUS "${what}")
    rehearse(result output "${entry}")
    if(result EQUAL 0)
        fault("${what}: passed:\n${output}")
    endif()
    foreach(regex IN LISTS ARGN)
        expect_match("${what}" "${regex}" "${output}")
    endforeach()
    nothing_runs("${what}")
endfunction()

function(nothing_runs what)
    execute_process(COMMAND sh -c "ls -l /proc/[0-9]*/exe 2>/dev/null | grep -F '${results}/'" OUTPUT_VARIABLE left)
    expect_equal("${what}: processes that are left" "" "${left}")
endfunction()

message(STATUS "as it should be")
rehearse(result output)
expect_match("as it should be" "rehearse: from 1.0.0 to 2.0.0 and back: nothing was lost" "${output}")
expect_match("the load" "load: [1-9][0-9]+ requests" "${output}")
expect_match("labels" "\nrehearse +=" "${output}")
if(NOT result EQUAL 0)
    fault("as it should be: failed")
endif()
expect_there("${results}/1.0.0/load.log")
expect_gone("${results}/1.0.0/root")
nothing_runs("as it should be")

finds("a state that is lost" -DTALLY_FAULT=loses "rehearse: from 1.0.0 to 2.0.0: [a-z ]*: the load, [^\n]*load.sh, has ended by itself, with status 1"
    "\\| after [1-9][0-9]* came 1\n" "results/tally_upgrade.rehearse/1.0.0 has the release, in root")
expect_there("${results}/1.0.0/root/bin/tally")
finds("a request that fails" -DTALLY_FAULT=drops "rehearse: from 1.0.0 to 2.0.0: [a-z ]*: the load" "\\| after [1-9][0-9]* came busy\n")
finds("a downgrade that fails" -DTALLY_FAULT=stuck "rehearse: from 1.0.0 to 2.0.0: downgrade: [^\n]*/bin/tally downgrade 1.0.0 ended with status 1")
set(output "")

# What hand-written instructions may do.
function(appup up)
    set(down "{\"1.0.0\", [{update, tally_server, {advanced, []}}, {load_module, tally}]}")
    file(WRITE "${source}/rel/appup/tally.appup" "{\"2.0.0\", [{\"1.0.0\", ${up}}], [${down}]}.\n")
endfunction()
appup("[{update, tally_server, {advanced, []}}]")
finds("instructions that forget a module" "-DTALLY_MORE=APPUP_DIR rel/appup" "rel/appup/tally.appup:[0-9:]+ error: [^\n]*tally")
# Without load and probe.
edit("${source}/CMakeLists.txt" "LOAD rel/load.sh PROBE rel/probe.sh" "")
appup("[{update, tally_server, {advanced, []}}, {load_module, tally}, {apply, {tally_server, die, []}}]")
finds("a process that dies" -DTALLY_FAULT= "from 1.0.0 to 2.0.0: after the upgrade: "
    "the process tally_server of tally is another one than before .*: it has died, and its state with it")
appup("[{update, tally_server, {advanced, []}}, {load_module, tally}, {apply, {tally_server, forget, []}}]")
finds("a module that is not what it was" -DTALLY_FAULT= "after the upgrade: " "the module tally runs, but not in its code of version 2.0.0")
appup("[{update, tally_server, {advanced, []}}, {load_module, tally}, {apply, {tally_server, unload, []}}]")
finds("a module that is gone" -DTALLY_FAULT= "after the upgrade: " "the module tally of tally is not loaded")

# A load that tells at its end what was wrong; a process that outlives the release; a load that cannot be run.
edit("${source}/CMakeLists.txt" "REHEARSE " "REHEARSE LOAD rel/\${TALLY_FAULT}.sh ")
configure("${source}" "${build}" -DTALLY_MORE= -DTALLY_FAULT=stubborn)
finds("a load that ends with 3" -DTALLY_FAULT=stubborn "from 1.0.0 to 2.0.0: end of the load: the load, [^\n]*stubborn.sh, ended with status 3"
    "\\| one of 3 requests failed")
finds("a process that is left" -DTALLY_FAULT=nap "from 1.0.0 to 2.0.0: stop: processes of the release are left behind: [0-9]+\n")
run(output chmod -x "${source}/rel/nap.sh")
finds("a load that cannot be run" -DTALLY_FAULT=nap "rehearse: /[^\n]*rel/nap.sh cannot be run: it must be an executable program. try chmod")
