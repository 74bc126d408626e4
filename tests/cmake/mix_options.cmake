# Options of `mix release` that are wrong, or that cannot be honoured: each is named, all in one run, with what to do. That
# the others do what they do in mix is shown by tests/e2e/mix.sh.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

file(REMOVE_RECURSE "${WORK}")
file(COPY "${TESTS}/mix_options/" DESTINATION "${WORK}/source" USE_SOURCE_PERMISSIONS)
set(release "mix.exs: the release")
set(rows
    "secret|${release} secret has .*cookie: \"abc\".*RELEASE_COOKIE_FILE"
    "elsewhere|${release} elsewhere has .*path: \"/opt/options\".*beam_install"
    "windows|${release} windows has .*include_executables_for: \\[:windows\\].*Add :unix"
    "nobody|${release} nobody has .*include_executables_for: \\[\\].*Add :unix"
    "small|${release} small has .*strip_beams: .*Take `compress` out"
    "stepping|${release} stepping has .*steps: .*Functions after :assemble are not run"
    "several|${release} several has .*cookie: .*path: \"/opt/several\""
    "baked|bad_rel/vm.args.eex: line 1 of what it gives has -setcookie.*RELEASE_COOKIE"
    "named|named_rel/remote.vm.args.eex: line 3 of what it gives has -sname.*RELEASE_NODE"
    "evaluated|faulty_rel/env.sh.eex cannot be evaluated: key :name not found"
    "overlaid|overlays of the release overlaid: there is no .*/no_such_folder"
    "configured|runtime_config_path of the release.*: there is no .*/config/no_such.exs"
    "booting|a step of the release booting adds or removes boot scripts"
    "undeclared|mix.exs: there is no release 'undeclared'. PROJECT_RELEASE can be: secret, elsewhere"
    "weak|${release} weak: .*:options has mode :permanent but it depends on :crypto which is set to :load"
    "unknown|${release} unknown: .*no_such_application"
    "versionless|${release} versionless: .*:version cannot be an empty string")
set(names "")
foreach(row IN LISTS rows)
    string(REGEX REPLACE "[|].*" "" name "${row}")
    list(APPEND names "${name}")
endforeach()
list(JOIN names "," names)
configure("${WORK}/source" "${WORK}/build" "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DRELEASES=${names}")
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${WORK}/build" --target options
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(result EQUAL 0)
    fault("the build went through")
endif()
foreach(row IN LISTS rows)
    string(REGEX MATCH "^([^|]*)[|](.*)$" matched "${row}")
    expect_match("${CMAKE_MATCH_1}" "${CMAKE_MATCH_2}" "${output}")
endforeach()

# What is not asked for is not judged.
configure("${WORK}/source" "${WORK}/build" "-DRELEASES=")
run(output "${CMAKE_COMMAND}" --build "${WORK}/build" --target options)
