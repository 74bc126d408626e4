# beam_add_reproducible_test(<name> RELEASE <target> [IMAGE <target>...] [UPGRADE <target>...] [TIMEOUT <seconds>])
function(beam_add_reproducible_test name)
    set(one RELEASE TIMEOUT)
    set(many IMAGE UPGRADE)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "${one}" "${many}")
    _beam_check_arguments(beam_add_reproducible_test "${name}" KEYWORDS ${one} ${many} REQUIRED RELEASE)
    _beam_check_new_test(beam_add_reproducible_test "${name}")
    _beam_check_new(beam_add_reproducible_test "${name}")
    _beam_check_target(beam_add_reproducible_test "${name}" release RELEASE "${arg_RELEASE}")
    if(CMAKE_BINARY_DIR STREQUAL CMAKE_SOURCE_DIR)
        _beam_fail(beam_add_reproducible_test "${name}" "the project is built in its own folder, and cannot be copied "
            "without the build. Build it elsewhere: cmake -S . -B build")
    endif()
    if(NOT DEFINED arg_TIMEOUT)
        set(arg_TIMEOUT 1800)
    endif()
    _beam_check_number(beam_add_reproducible_test "${name}" TIMEOUT "${arg_TIMEOUT}")
    set(targets ${arg_RELEASE}_tarball)
    get_target_property(outputs ${arg_RELEASE} BEAM_RELEASE_ARCHIVE)
    foreach(image IN LISTS arg_IMAGE)
        _beam_check_target(beam_add_reproducible_test "${name}" image IMAGE "${image}")
        get_target_property(layout ${image} BEAM_IMAGE_LAYOUT)
        list(APPEND targets ${image})
        list(APPEND outputs "${layout}")
    endforeach()
    foreach(upgrade IN LISTS arg_UPGRADE)
        _beam_check_target(beam_add_reproducible_test "${name}" upgrade UPGRADE "${upgrade}")
        get_target_property(archive ${upgrade} BEAM_UPGRADE_ARCHIVE)
        list(APPEND targets ${upgrade})
        list(APPEND outputs "${archive}")
    endforeach()

    _beam_tree(tree)
    get_property(folder GLOBAL PROPERTY _BEAM_SOURCE_DIR)
    set(fixtures "")
    foreach(target IN LISTS targets)
        _beam_test_fixture(fixture ${target})
        list(APPEND fixtures ${fixture})
    endforeach()
    # Each list is one word of the command.
    string(REPLACE ";" "\\;" target_words "${targets}")
    string(REPLACE ";" "\\;" output_words "${outputs}")
    set(command "${CMAKE_COMMAND}"
        "-DSOURCE=${CMAKE_SOURCE_DIR}" "-DBINARY=${CMAKE_BINARY_DIR}" "-DPLACE=${tree}/test/reproducible/${name}"
        "-DCMAKE_GENERATOR_NAME=${CMAKE_GENERATOR}" "-DPLATFORM=${CMAKE_GENERATOR_PLATFORM}"
        "-DTOOLSET=${CMAKE_GENERATOR_TOOLSET}" "-DCONFIG=$<CONFIG>" "-DBEAMREL=$<TARGET_FILE:BeamRelease::generator>"
        "-DTARGETS=${target_words}" "-DOUTPUTS=${output_words}" -P "${folder}/driver/reproduce.cmake")
    add_test(NAME "${name}" COMMAND ${command})
    set_tests_properties("${name}" PROPERTIES
        FIXTURES_REQUIRED "${fixtures}" LABELS "beam;reproducible" TIMEOUT ${arg_TIMEOUT})
    add_custom_target(${name}
        COMMAND ${command}
        COMMENT "Building ${arg_RELEASE} a second time, elsewhere"
        VERBATIM)
    add_dependencies(${name} ${targets} BeamRelease::generator)
    _beam_aggregate(reproducible ${name})
endfunction()
