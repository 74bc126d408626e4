# Builds the fixture with GENERATOR, then changes one thing after the other: exactly what the change asks for runs.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

fresh_fixture("the source")
set(source "${WORK}/the source")
set(build "${WORK}/the build")
set(tree "${build}/beam/Release")
set(lib "Compiling Erlang application fix_lib")
set(app "Compiling Erlang application fix_app")
set(release "Assembling release fixture 2.0.0" "Packing release fixture 2.0.0")
set(image "Making image fixture_image of release fixture")
set(fixture "${tree}/release/fixture_release/fixture")

configure("${source}" "${build}" -DFIXTURE_MODE=installed "-DCMAKE_PREFIX_PATH=${PREFIX}")
# beam_install() puts the release, though not the archive, into `all`.
step("first build" "${build}" all EXPECT "${lib}" "${app}" "Linking fix_nif.so" "Assembling release fixture 2.0.0")
step("release" "${build}" release EXPECT "Packing release fixture 2.0.0")
step("image" "${build}" image context EXPECT ${image} "Making the context of image fixture_image")
expect_there("${fixture}/bin/fixture" "${fixture}/lib/fix_lib-1.2.3/priv/fix_nif.so" "${fixture}/etc/file"
    "${fixture}/lib/fix_lib-1.2.3/priv/link.txt" "${tree}/release/fixture_release/fixture-2.0.0.tar.gz")
file(READ "${fixture}/etc/text" text)
expect_equal("text of an overlay" "it's a \"text\": with \\, # and a tab\t\n" "${text}")
evaluate(value "${tree}/lib" "fix_worker:value()")
expect_equal("value" "{1,added,[98],42}" "${value}")
evaluate(value "${tree}/lib" "a_user_of_own_transform:value()")
expect_equal("value" "added" "${value}")
evaluate(value "${tree}/lib" "proplists:get_value(source, fix_worker:module_info(compile))")
evaluate(expected "${tree}/lib" "\"src/deep/fix_worker.erl\"")
expect_equal("source of a beam" "${expected}" "${value}")

edit("${source}/apps/fix_lib/include/fix.hrl" "FIX_VALUE, 1" "FIX_VALUE, 2")
step("public header" "${build}" release EXPECT "${lib}" "${app}" ${release})
evaluate(value "${tree}/lib" "fix_worker:value()")
expect_equal("value" "{2,added,[98],42}" "${value}")

edit("${source}/apps/fix_app/src/fix_local.hrl" "to_be_added" "to_be_added ")
step("private header" "${build}" release image EXPECT "${app}" ${release} "${image}")

edit("${source}/apps/fix_lib/src/fix_transform_helper.erl" "value() -> added" "value() -> other")
step("parse transform" "${build}" release EXPECT "${lib}" "${app}" ${release})
evaluate(value "${tree}/lib" "fix_worker:value()")
expect_equal("value" "{2,other,[98],42}" "${value}")

edit("${source}/apps/fix_lib/c_src/fix_nif.c" "42" "43")
step("NIF" "${build}" release EXPECT "Linking fix_nif.so" ${release})
evaluate(value "${tree}/lib" "fix_worker:value()")
expect_equal("value" "{2,other,[98],43}" "${value}")

edit("${source}/apps/fix_app/fix_generated.in" "f() -> 1" "f() -> 2")
step("source that the build makes" "${build}" release EXPECT "${app}" ${release})
evaluate(value "${tree}/lib" "fix_generated:f()")
expect_equal("value" "2" "${value}")

edit("${source}/rel/check.sh" "exit 0" "exit 0 # really")
step("hook" "${build}" release EXPECT ${release})

edit("${source}/rel/sys.config" "setting, 1" "setting, 2")
step("configuration" "${build}" release EXPECT ${release})

file(WRITE "${source}/rel/overlay/etc/more" "new\n")
step("new file in an overlay" "${build}" release EXPECT ${release})
expect_there("${fixture}/etc/more")

file(WRITE "${source}/apps/fix_app/src/deep/fix_new.erl" "-module(fix_new).\n-export([f/0]).\nf() -> new.\n")
step("new module" "${build}" release EXPECT "${app}" ${release})
expect_there("${fixture}/lib/fix_app-2.0.0/ebin/fix_new.beam")
file(READ "${fixture}/lib/fix_app-2.0.0/ebin/fix_app.app" text)
expect_match("modules" "fix_new" "${text}")

file(REMOVE "${source}/apps/fix_app/src/deep/fix_new.erl")
step("module removed" "${build}" release EXPECT "${app}" ${release})
expect_gone("${tree}/lib/fix_app/ebin/fix_new.beam" "${fixture}/lib/fix_app-2.0.0/ebin/fix_new.beam")
file(READ "${fixture}/lib/fix_app-2.0.0/ebin/fix_app.app" text)
if(text MATCHES "fix_new")
    fault("the removed module is still in the .app file")
endif()

file(WRITE "${source}/apps/fix_app/erl_crash.dump" "not a source\n")
file(MAKE_DIRECTORY "${source}/apps/fix_app/notes")
step("stray file and folder" "${build}" release)

file(WRITE "${source}/apps/fix_app/priv/new.txt" "new folder\n")
step("new folder priv" "${build}" release EXPECT "${app}" ${release})
file(REMOVE "${source}/apps/fix_lib/priv/data.txt" "${source}/apps/fix_lib/priv/link.txt")
step("file of priv removed" "${build}" release EXPECT "${lib}" "${app}" ${release})
expect_there("${fixture}/lib/fix_app-2.0.0/priv/new.txt" "${fixture}/lib/fix_lib-1.2.3/priv/fix_nif.so")
expect_gone("${fixture}/lib/fix_lib-1.2.3/priv/data.txt" "${fixture}/lib/fix_lib-1.2.3/priv/link.txt")

edit("${source}/apps/fix_app/src/fix_local.hrl" "to_be_added" "} broken")
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${build}" --config Release --target release
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
expect_match("a fault in a source"
    "the source/apps/fix_app/src/deep/fix_worker.erl:11:[0-9]+: error: syntax error" "${output}")
if(result EQUAL 0)
    fault("a build with a fault in a source succeeded")
endif()
edit("${source}/apps/fix_app/src/fix_local.hrl" "} broken" "to_be_added")
step("fault corrected" "${build}" release EXPECT "${app}" ${release})

# Through the reading of the project: an option, a hook of a parent, the version.
edit("${source}/CMakeLists.txt" "beam_install(" "set_property(TARGET fixture_release APPEND PROPERTY
    BEAM_HOOKS_PRE_START \"\${CMAKE_CURRENT_SOURCE_DIR}/rel/first.sh\")
set_property(TARGET fix_app APPEND PROPERTY BEAM_ERLC_OPTIONS -DMORE)
beam_install(")
file(COPY_FILE "${source}/rel/check.sh" "${source}/rel/first.sh")
step("properties" "${build}" release EXPECT "${app}" ${release})
file(GLOB hooks RELATIVE "${fixture}/releases/2.0.0/hooks/pre_start.d" "${fixture}/releases/2.0.0/hooks/pre_start.d/*")
list(LENGTH hooks count)
expect_equal("hooks" 2 "${count}")

# The tests expect what the sources were: each kind must notice, and see the sources as they are now.
execute_process(COMMAND "${CMAKE_CTEST_COMMAND}" --test-dir "${build}" -C Release
    RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
expect_match("failing tests" "fixture_eunit \\(Failed\\).*fixture_ct \\(Failed\\).*fixture_boots \\(Failed\\)" "${output}")
edit("${source}/apps/fix_lib/include/fix.hrl" "FIX_VALUE, 2" "FIX_VALUE, 1")
edit("${source}/apps/fix_lib/src/fix_transform_helper.erl" "value() -> other" "value() -> added")
edit("${source}/apps/fix_lib/c_src/fix_nif.c" "43" "42")
run(output "${CMAKE_CTEST_COMMAND}" --test-dir "${build}" -C Release --output-on-failure)
expect_match("tests" "100% tests passed" "${output}")
file(GLOB reports "${tree}/test/results/fixture_eunit/*.xml" "${tree}/test/results/fixture_ct/*.xml")
list(LENGTH reports count)
expect_equal("JUnit reports" 2 "${count}")

# The release was started where it was assembled.
file(WRITE "${fixture}/tmp/cookie" "secret")
edit("${source}/rel/sys.config" "setting, 2" "setting, 3")
step("started in the build" "${build}" release EXPECT ${release})
expect_there("${fixture}/tmp/cookie")
run(output "${CMAKE_COMMAND}" --install "${build}" --config Release --prefix "${WORK}/installed" --component runtime)
expect_there("${WORK}/installed/lib/fixture/bin/fixture" "${WORK}/installed/lib/fixture/erts-${ERTS}/bin/erlexec")
expect_gone("${WORK}/installed/lib/fixture/tmp")
execute_process(COMMAND test -x "${WORK}/installed/lib/fixture/bin/fixture" RESULT_VARIABLE result)
expect_equal("the installed launcher can be executed" 0 "${result}")

run(output "${CMAKE_COMMAND}" --build "${build}" --config Release --target clean)
expect_gone("${tree}/lib/fix_app/ebin/fix_worker.beam" "${fixture}/bin/fixture")
step("after clean" "${build}" all EXPECT "${lib}" "${app}" "Linking fix_nif.so" "Assembling release fixture 2.0.0")
