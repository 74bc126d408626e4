# The CMake package: in this build tree, for projects that have this one as a part, and installed.
include(CMakePackageConfigHelpers)

set(package "${PROJECT_BINARY_DIR}/package")
set(BEAMRELEASE_CMAKE_DIR "${CMAKE_CURRENT_LIST_DIR}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/BeamReleaseConfig.cmake.in"
    "${package}/BeamReleaseConfig.cmake"
    INSTALL_DESTINATION "${package}" INSTALL_PREFIX "${PROJECT_BINARY_DIR}"
    PATH_VARS BEAMRELEASE_CMAKE_DIR)
# The program runs on this machine, whatever the project that uses the package is built for.
write_basic_package_version_file("${package}/BeamReleaseConfigVersion.cmake"
    COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)

if(PROJECT_IS_TOP_LEVEL)
    set_target_properties(beamrel PROPERTIES EXPORT_NAME generator)
    export(TARGETS beamrel NAMESPACE BeamRelease:: FILE "${package}/BeamReleaseTargets.cmake")
else()
    # After add_subdirectory() or FetchContent, find_package(BeamRelease) shall find this one.
    set(BeamRelease_DIR "${package}" CACHE PATH "The BeamRelease of this build" FORCE)
    if(CMAKE_FIND_PACKAGE_REDIRECTS_DIR)
        file(WRITE "${CMAKE_FIND_PACKAGE_REDIRECTS_DIR}/BeamReleaseExtra.cmake"
            "include(\"${package}/BeamReleaseConfig.cmake\")\n")
    endif()
    # The functions, for those who do not call find_package().
    find_package(BeamRelease QUIET CONFIG PATHS "${package}" NO_DEFAULT_PATH)
endif()

if(BEAMRELEASE_INSTALL AND TARGET beamrel)
    include(GNUInstallDirs)
    set(destination "${CMAKE_INSTALL_LIBDIR}/cmake/BeamRelease")
    set(BEAMRELEASE_CMAKE_DIR "${destination}")
    configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/BeamReleaseConfig.cmake.in"
        "${package}/installed/BeamReleaseConfig.cmake"
        INSTALL_DESTINATION "${destination}" PATH_VARS BEAMRELEASE_CMAKE_DIR)
    set_target_properties(beamrel PROPERTIES EXPORT_NAME generator)
    install(TARGETS beamrel EXPORT BeamReleaseTargets RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
    install(EXPORT BeamReleaseTargets NAMESPACE BeamRelease:: DESTINATION "${destination}")
    install(FILES "${package}/installed/BeamReleaseConfig.cmake" "${package}/BeamReleaseConfigVersion.cmake"
        DESTINATION "${destination}")
    install(DIRECTORY "${CMAKE_CURRENT_LIST_DIR}/" DESTINATION "${destination}"
        FILES_MATCHING PATTERN "*.cmake" PATTERN "*.erl" PATTERN "*.exs" PATTERN "*.sh" PATTERN "*.awk"
        PATTERN package.cmake EXCLUDE PATTERN host_generator.cmake EXCLUDE)
    # For projects without CMake. The file in include/ is where make looks for `include beamrelease.mk`.
    set(make "${CMAKE_INSTALL_DATADIR}/beamrelease/make")
    install(DIRECTORY "${CMAKE_CURRENT_LIST_DIR}/../make/" DESTINATION "${make}"
        FILES_MATCHING PATTERN "*.mk" PATTERN "*.awk" PATTERN stub.mk EXCLUDE)
    install(DIRECTORY "${CMAKE_CURRENT_LIST_DIR}/driver" DESTINATION "${make}")
    install(FILES "${CMAKE_CURRENT_LIST_DIR}/../make/stub.mk" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        RENAME beamrelease.mk)
endif()
