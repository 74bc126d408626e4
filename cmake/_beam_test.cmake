# Tests build what they need. A test cannot depend on a target, so each has a fixture that builds.

# _beam_test_fixture(<out> <target>): the name of the fixture that builds `target`.
function(_beam_test_fixture out target)
    set(name "build.${target}")
    set(${out} "${name}" PARENT_SCOPE)
    get_property(known GLOBAL PROPERTY _BEAM_FIXTURES)
    if(name IN_LIST known)
        return()
    endif()
    set_property(GLOBAL APPEND PROPERTY _BEAM_FIXTURES "${name}")
    add_test(NAME "${name}"
        COMMAND "${CMAKE_COMMAND}" --build "${CMAKE_BINARY_DIR}" --config $<CONFIG> --target ${target})
    # Two runs of the build tool in one folder would disturb each other.
    set_tests_properties("${name}" PROPERTIES FIXTURES_SETUP "${name}" RESOURCE_LOCK beam_build LABELS "beam;build")
endfunction()

# The target that compiles `application` for its tests: a tree of its own, with -DTEST and the modules of test/.
function(_beam_test_application out application)
    set(name "${application}.tests")
    set(${out} "${name}" PARENT_SCOPE)
    get_target_property(there ${application} _BEAM_TESTS)
    if(there)
        return()
    endif()
    get_target_property(builder ${application} _BEAM_BUILDER)
    if(builder)
        _beam_fail(beam_add_eunit_test "${name}" "APPLICATION names '${application}', which ${builder} compiles. "
            "Its tests are run by that tool: add_test(NAME ... COMMAND ${builder} ...).")
    endif()
    _beam_check_new(beam_add_eunit_test "${name}")
    _beam_tree(tree)
    get_target_property(app ${application} BEAM_APPLICATION_NAME)
    get_target_property(state ${application} _BEAM_STATE)
    get_target_property(sources ${application} _BEAM_SOURCES)
    set(output "${tree}/test/${app}/lib/${app}")
    _beam_make_folders("${output}/ebin" "${output}/test" "${state}/test")
    set_target_properties(${application} PROPERTIES _BEAM_TESTS TRUE _BEAM_TEST_DIR "${output}")

    _beam_driver(driver)
    _beam_erl(erl beamrelease_compile)
    _beam_add_command("${state}/test.stamp"
        COMMAND ${erl} "${state}/test.manifest"
        DEPENDS "${state}/test.manifest" "${driver}" _beam_driver ${sources}
        DEPFILE "${state}/test.d"
        COMMENT "Compiling the tests of Erlang application ${app}")
    add_custom_target(${name} DEPENDS "${state}/test.stamp")
    add_dependencies(${name} ${application})
    set_property(TARGET ${name} PROPERTY ADDITIONAL_CLEAN_FILES "${tree}/test/${app}")
endfunction()

# _beam_add_test(<function> <name> <label> <application> <timeout> <argument>...): `label` is eunit or ct, and a word
# of the driver.
function(_beam_add_test function name label application timeout)
    _beam_tree(tree)
    _beam_test_application(build ${application})
    _beam_test_fixture(fixture ${build})
    get_target_property(state ${application} _BEAM_STATE)
    _beam_erl(erl beamrelease_test)
    add_test(NAME "${name}"
        COMMAND ${erl} ${label} "${name}" "${state}/test.manifest" "${tree}/test/results/${name}" ${ARGN})
    set_tests_properties("${name}" PROPERTIES
        FIXTURES_REQUIRED "${fixture}" LABELS "beam;${label}" TIMEOUT ${timeout})
endfunction()

# Tests are known by name to CTest, and directories do not see each other's.
function(_beam_check_new_test function name)
    get_property(known GLOBAL PROPERTY _BEAM_TEST_NAMES)
    if(name IN_LIST known OR TEST "${name}")
        _beam_fail(${function} "${name}" "there is a test of this name already. Choose another name.")
    endif()
    if(NOT name MATCHES "^[A-Za-z0-9_][A-Za-z0-9_.+-]*$")
        _beam_fail(${function} "${name}" "'${name}' cannot be the name of a test: use letters, digits, _ . + -")
    endif()
    set_property(GLOBAL APPEND PROPERTY _BEAM_TEST_NAMES "${name}")
endfunction()
