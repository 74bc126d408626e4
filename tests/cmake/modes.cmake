# The fixture with GENERATOR and MODE, the way the functions are reached: it builds, nothing is left to do, and nothing
# is written to the sources.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

fresh_fixture("the source")
set(source "${WORK}/the source")
set(build "${WORK}/the build")

# Names and times of all files and folders.
function(list_tree out)
    run(listed find "${source}" -printf "%p %T@ %m\n")
    set(${out} "${listed}" PARENT_SCOPE)
endfunction()

list_tree(before)
configure("${source}" "${build}" -DFIXTURE_MODE=${MODE} "-DCMAKE_PREFIX_PATH=${PREFIX}" "-DFIXTURE_BEAMRELEASE=${ROOT}")
step("build" "${build}" all release image context
    EXPECT "Compiling Erlang application fix_lib" "Compiling Erlang application fix_app" "Linking fix_nif.so"
           "Assembling release fixture 2.0.0" "Packing release fixture 2.0.0"
           "Making image fixture_image of release fixture" "Making the context of image fixture_image")
evaluate(value "${build}/beam/Release/lib" "fix_worker:value()")
expect_equal("value" "{1,added,[98],42}" "${value}")
# An upgrade from a release of the same build, by the folder of the configuration.
if(GENERATOR STREQUAL "Ninja Multi-Config" OR MODE STREQUAL "fetched")
    configure("${source}" "${build}" -DFIXTURE_UPGRADE=ON)
    step("upgrade" "${build}" upgrade EXPECT "Packing release fixture 1.0.0" "Making upgrade fixture_upgrade of release fixture")
    expect_there("${build}/beam/Release/upgrade/fixture_upgrade/fixture-2.0.0.tar.gz")
    run(tests "${CMAKE_CTEST_COMMAND}" --test-dir "${build}" -C Release -N -L rehearse)
    expect_match("the rehearsal" "fixture_upgrade.rehearse" "${tests}")
endif()
list_tree(after)
expect_equal("the source tree" "${before}" "${after}")
