# Cross-compiling: the generator runs on this machine, so it is built by this machine's compiler, in a build of its
# own that inherits no flag of the target's. It happens when something needs it, never while configuring.
find_program(BeamRelease_HOST_CC NAMES cc gcc clang NO_CMAKE_FIND_ROOT_PATH
    DOC "C compiler of this machine, for the program beamrel")
find_program(_beam_host_make NAMES ninja make gmake NO_CMAKE_FIND_ROOT_PATH)
mark_as_advanced(BeamRelease_HOST_CC _beam_host_make)
if(NOT BeamRelease_HOST_CC)
    message(FATAL_ERROR "BeamRelease: no C compiler for this machine was found. "
        "Set BeamRelease_HOST_CC to one, or BeamRelease_GENERATOR to a beamrel program.")
endif()

function(_beam_host_generator)
    set(folder "${PROJECT_BINARY_DIR}/host")
    set(program "${folder}/generator/beamrel")
    # The folders, too: their time tells of new files.
    file(GLOB_RECURSE sources LIST_DIRECTORIES TRUE
        "${PROJECT_SOURCE_DIR}/generator/*" "${PROJECT_SOURCE_DIR}/templates/*")
    set(variables CC CFLAGS CPPFLAGS LDFLAGS PKG_CONFIG_PATH PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
        CMAKE_TOOLCHAIN_FILE CMAKE_GENERATOR)
    list(TRANSFORM variables PREPEND "--unset=")
    set(clean "${CMAKE_COMMAND}" -E env ${variables})
    set(tool "Unix Makefiles")
    if(_beam_host_make MATCHES "ninja$")
        set(tool Ninja)
    endif()
    add_custom_command(OUTPUT "${program}"
        COMMAND ${clean} "${CMAKE_COMMAND}" -S "${PROJECT_SOURCE_DIR}" -B "${folder}" -G "${tool}"
                "-DCMAKE_MAKE_PROGRAM=${_beam_host_make}" "-DCMAKE_C_COMPILER=${BeamRelease_HOST_CC}"
                -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF
        COMMAND ${clean} "${CMAKE_COMMAND}" --build "${folder}" --target beamrel
        DEPENDS ${sources}
        COMMENT "Building beamrel for this machine"
        VERBATIM)
    add_custom_target(beamrel_host DEPENDS "${program}")
    add_executable(BeamRelease::generator IMPORTED GLOBAL)
    set_target_properties(BeamRelease::generator PROPERTIES IMPORTED_LOCATION "${program}")
    add_dependencies(BeamRelease::generator beamrel_host)
endfunction()
_beam_host_generator()
