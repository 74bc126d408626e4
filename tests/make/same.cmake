# One project, described for CMake and for Make, gives the same bytes: manifests, specs, applications, release, archive.
include("${CMAKE_CURRENT_LIST_DIR}/harness.cmake")

fresh_make_fixture(source)
set(source "${WORK}/source")
set(cmake "${WORK}/cmake")
set(make "${WORK}/make")
set(tree "${cmake}/beam/Release")
configure("${source}" "${cmake}" -DFIXTURE_MODE=installed "-DCMAKE_PREFIX_PATH=${PREFIX}")
run(output "${CMAKE_COMMAND}" --build "${cmake}" --target all release image context)
make_must("${source}" "O=${make}" -j2 all release image context "CFLAGS=-O3 -DNDEBUG")

expect_same_tree("applications" "${tree}/lib" "${make}/lib")
expect_same_tree("release" "${tree}/release/fixture_release/fixture" "${make}/release/fixture_release/fixture")
run(output cmp "${tree}/release/fixture_release/fixture-2.0.0.tar.gz" "${make}/release/fixture_release/fixture-2.0.0.tar.gz")

expect_same_tree("image" "${tree}/image/fixture_image/layout" "${make}/image/fixture_image/layout")
expect_same_tree("context" "${tree}/image/fixture_image/context" "${make}/image/fixture_image/context")
run(output cmp "${tree}/image/fixture_image/fixture-2.0.0-image.tar" "${make}/image/fixture_image/fixture-2.0.0-image.tar")
run(output cmp "${tree}/image/fixture_image/digest" "${make}/image/fixture_image/digest")

# What the drivers and beamrel are told, but for where things are.
function(told out file)
    file(READ "${file}" text)
    foreach(place IN ITEMS "${tree}" "${make}")
        string(REPLACE "${place}/" "BUILD/" text "${text}")
    endforeach()
    foreach(place IN ITEMS "${cmake}/apps/fix_app" BUILD/generated)
        string(REPLACE "${place}/" "GENERATED/" text "${text}")
    endforeach()
    set(${out} "${text}" PARENT_SCOPE)
endfunction()
make_must("${source}" "O=${make}" eunit "CFLAGS=-O3 -DNDEBUG")
foreach(file IN ITEMS state/fix_app/main.manifest state/fix_lib/main.manifest state/fix_app/test.manifest
        release/fixture_release/spec.yaml image/fixture_image/image.yaml)
    told(one "${tree}/${file}")
    told(other "${make}/${file}")
    expect_equal("${file}" "${one}" "${other}")
endforeach()
