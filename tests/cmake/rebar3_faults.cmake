# What is wrong with a rebar3 project, or cannot be had: errors that name it and say what to do; nothing is left behind.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

file(REMOVE_RECURSE "${WORK}")
set(source "${WORK}/project")
set(build "${WORK}/build")
file(WRITE "${source}/CMakeLists.txt" "cmake_minimum_required(VERSION 3.22)
project(faults LANGUAGES NONE)
find_package(BeamRelease REQUIRED)
beam_add_application(one BUILDER rebar3)
beam_add_release(r PROJECT one)
")
file(WRITE "${source}/src/one.app.src" "{application, one, [{vsn, \"1.0.0\"}, {description, \"\"}, {registered, []},
    {applications, [kernel, stdlib]}]}.\n")
set(module "-module(one).\n-export([f/0]).\n\nf() -> ok.\n")
file(WRITE "${source}/src/one.erl" "${module}")
file(WRITE "${source}/config/motd" "{{output_dir}}\n")
set(stamp "${build}/beam/Release/state/one/main.stamp")

# try(<what> <regex of the errors>...): builds, which must fail.
function(try what)
    message(STATUS "${what}")
    file(REMOVE "${stamp}")
    execute_process(COMMAND "${CMAKE_COMMAND}" --build "${build}" --config Release --target one r
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(result EQUAL 0)
        fault("${what}: that went well:\n${output}")
    endif()
    foreach(regex IN LISTS ARGN)
        expect_match("${what}" "${regex}" "${output}")
    endforeach()
    expect_gone("${stamp}")
    set(output "${output}" PARENT_SCOPE)
endfunction()

# config(<terms>): in rebar.config.
function(config)
    list(JOIN ARGN "" terms)
    file(WRITE "${source}/rebar.config" "${terms}\n")
endfunction()

# relx(<terms>): a release, and what else is in the section.
function(relx)
    list(JOIN ARGN "" terms)
    config("{relx, [{release, {one, \"1.0.0\"}, [one]}${terms}]}.")
endfunction()

config("{relx, []}.")
configure("${source}" "${build}" "-DCMAKE_PREFIX_PATH=${PREFIX}")
try("no release" "/project/rebar.config: error: there is no release in this project")

config("{relx, [{release, {one, \"1\"}, [one]}, {release, {two, \"1\"}, [one]}]}.")
try("several releases" "several releases: one, two. say with PROJECT_RELEASE")

relx(", {include_start_scripts_for, [unix, win32]}, {system_libs, false}, {include_erts, true}")
file(READ "${source}/rebar.config" text)
string(REPLACE "[one]}" "[{one, [stdlib]}]}" text "${text}")
string(REPLACE "\"1.0.0\"" "\"1 0\"" text "${text}")
file(WRITE "${source}/rebar.config" "${text}")
try("several faults at once"
    "rebar.config: error: include_start_scripts_for has .win32.: there is one launcher"
    "rebar.config: error: system_libs is false, but include_erts is not"
    "rebar.config: error: the version of the release is '1 0'"
    "rebar.config: error: the release says that one includes .stdlib., and its .app file says ..,? ?.*the .app file holds")

run(otp erl -noinput -boot start_clean -eval "io:put_chars(code:lib_dir()), halt().")
file(CREATE_LINK "${otp}" "${WORK}/elsewhere" SYMBOLIC)
relx(", {system_libs, \"${WORK}/elsewhere\"}")
try("libraries from elsewhere" "system_libs is \"[^\n]*/elsewhere\".*OTP <root>")

config("{relx, [{release, {one, {file, \"NO_SUCH_FILE\"}}, {erts, \"1.2.3\"}, [one]}]}.")
try("version, runtime" "version of the release could not be found out" "asks for ERTS 1.2.3, and the OTP of this build has")

config("{relx, [{release, {one, \"1.0.0\"}, [one, no_such_application]}]}.")
try("unknown application" "error: Application needed for release not found: no_such_application")

relx(", {overlay, [{template, \"config/motd\", \"etc/motd\"}]}")
try("a folder of this machine" "project/config/motd: error: the template asks for 'output_dir', a folder of the machine")

relx(", {overlay, [{copy, \"no/such/file\", \"x\"}]}")
try("an overlay that is not there" "error: Unable to copy from [^\n]*project/no/such/file")

relx(", {overlay, [{copy, \"config\", \"etc\"}, {chmod, 8#700, \"bin/one\"}]}")
try("a mode for something else" "chmod, 8#700, \"bin/one\". is not about a file that an overlay brings")

relx(", {extended_start_script_hooks, [{pre_start, [{custom, \"hooks/check\"}]}]}")
try("a hook that is not there" "error: no overlay puts anything at bin/hooks/check.*add .copy, \"scripts/check\", \"bin/hooks/check\".")

relx(", {extended_start_script_extensions, [{'Bad name', \"x\"}]}")
try("the name of a command" "extended_start_script_extensions has 'Bad name'")

relx(", {mode, porduction}")
try("a value that relx does not know" "rebar.config: error: relx cannot read its section: it does not know .porduction.")

relx(", {sys_config, \"config/nothing\"}")
try("configuration that is not there" "error: there is no file [^\n]*/project/config/nothing, which is to become sys.config")

relx()
file(WRITE "${source}/src/one.erl" "-module(one).\n-export([f/0]).\n\nf() -> Unbound.\n")
try("a fault in the code" "/project/src/one.erl:4(:8)?: variable 'Unbound' is unbound")
string(REGEX MATCHALL "is unbound" times "${output}")
expect_equal("how often the fault is shown" "is unbound" "${times}")
file(WRITE "${source}/src/one.erl" "${module}")

# With exref and warnings_as_errors relx fails on such a call; exref alone warns.
file(WRITE "${source}/src/one.erl" "-module(one).\n-export([f/0]).\n\nf() -> lists:no_such_function().\n")
foreach(pair IN ITEMS "error={exref, true}, {warnings_as_errors, true}" "warning={exref, true}")
    string(REGEX MATCH "^([a-z]+)=(.*)$" pair "${pair}")
    set(level ${CMAKE_MATCH_1})
    relx(", ${CMAKE_MATCH_2}")
    execute_process(COMMAND "${CMAKE_COMMAND}" --build "${build}" --config Release --target r
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
    expect_match("a call of nothing, ${pair}" "one.beam: ${level}: [^\n]*lists:no_such_function/0" "${output}")
    if((level STREQUAL "error") EQUAL (result EQUAL 0))
        fault("a call of nothing, ${pair}: the status is ${result}")
    endif()
endforeach()
file(WRITE "${source}/src/one.erl" "${module}")
relx()

file(APPEND "${source}/rebar.config" "{deps, [never_fetched, {cloned, {git, \"https://host.invalid/x/cloned.git\", {tag, \"1\"}}}]}.\n")
try("a dependency that was not fetched"
    "/project/rebar.config: error: the dependency '(never_fetched|cloned)' is not there, and nothing is fetched during a build"
    "Fetch it first: cd [^\n]*/project && rebar3 get-deps" "name it in DEPENDS")

config("{relx, [{release, {one")
try("a configuration that cannot be read" "rebar.config")
