# beam_add_release(<target> APPLICATIONS <name>[:<start>]... | PROJECT <target> [PROJECT_RELEASE <name>]
#     [NAME <name>] [VERSION <vsn>] [EPOCH <seconds>]
#     [PATHS <dir>...] [ERTS host|target|none|<dir>] [OTP <dir>]
#     [SYS_CONFIG <file>] [VM_ARGS <file>] [REMOTE_VM_ARGS <file>] [ENV <file>] [RUNTIME_CONFIG <file>]
#     [CONFIG_PROVIDERS <term>...] [ELIXIR <name>=<value>...]
#     [OVERLAY <dir>...] [COMMANDS <name>=<file>...] [CHECKS <name>=error|warn|off...]
#     [STRIP | NO_STRIP] [KEEP_CHUNKS <chunk>...] [INCLUDE_SRC] [INCLUDE_HEADERS] [DEPENDS <target or file>...])
function(beam_add_release target)
    set(options STRIP NO_STRIP INCLUDE_SRC INCLUDE_HEADERS)
    set(files SYS_CONFIG VM_ARGS REMOTE_VM_ARGS ENV RUNTIME_CONFIG)
    set(one PROJECT PROJECT_RELEASE NAME VERSION EPOCH ERTS OTP ${files})
    set(many APPLICATIONS PATHS CONFIG_PROVIDERS ELIXIR OVERLAY COMMANDS CHECKS KEEP_CHUNKS DEPENDS)
    cmake_parse_arguments(PARSE_ARGV 1 arg "${options}" "${one}" "${many}")
    _beam_check_arguments(beam_add_release "${target}"
        KEYWORDS ${options} ${one} ${many} FREE KEEP_CHUNKS PATHS OVERLAY DEPENDS)
    _beam_check_new(beam_add_release "${target}")
    _beam_check_new(beam_add_release "${target}_tarball")
    if(NOT TARGET BeamRelease::generator)
        _beam_fail(beam_add_release "${target}" "there is no target BeamRelease::generator. "
            "Set BeamRelease_GENERATOR to a beamrel program, or see what find_package(BeamRelease) reported.")
    endif()
    # The name and the version that the spec has; a project's release has its own, which is not known before the build.
    set(spec_name "${arg_NAME}")
    set(base "")
    if(DEFINED arg_PROJECT)
        _beam_release_project("${target}" base)
        if(NOT DEFINED arg_NAME AND DEFINED arg_PROJECT_RELEASE)
            set(arg_NAME "${arg_PROJECT_RELEASE}")
        endif()
    else()
        if(DEFINED arg_PROJECT_RELEASE)
            _beam_fail(beam_add_release "${target}" "PROJECT_RELEASE is given, and PROJECT is not")
        endif()
        if(NOT arg_APPLICATIONS)
            _beam_fail(beam_add_release "${target}" "APPLICATIONS is missing")
        endif()
        if(NOT DEFINED arg_VERSION)
            set(arg_VERSION "${PROJECT_VERSION}")
        endif()
    endif()
    set(launcher "")
    if(NOT DEFINED arg_NAME)
        set(arg_NAME "${target}")
        if(base)
            set(launcher "*")
        endif()
    endif()
    if(base STREQUAL "")
        set(spec_name "${arg_NAME}")
    endif()
    _beam_check_release("${target}")
    foreach(keyword IN LISTS files)
        if(DEFINED arg_${keyword})
            _beam_check_file(beam_add_release "${target}" ${keyword} arg_${keyword})
        endif()
    endforeach()

    _beam_tree(tree)
    set(folder "${tree}/release/${target}")
    set(spec "${folder}/spec.yaml")
    set(output "${folder}/${arg_NAME}")
    set(archive "${folder}/${arg_NAME}.tar.gz")
    set(manifest "")
    if(NOT "${arg_VERSION}" STREQUAL "")
        set(archive "${folder}/${arg_NAME}-${arg_VERSION}.tar.gz")
        set(manifest "${output}/releases/${arg_VERSION}/manifest.json")
    endif()
    _beam_make_folders("${folder}" "${tree}/lib")
    # Hooks and applications that are declared later are among these, too: CMake reads them at the very end.
    set(depends "$<TARGET_GENEX_EVAL:${target},$<TARGET_PROPERTY:${target},_BEAM_RELEASE_DEPENDS>>")
    string(STRIP "${arg_NAME} ${arg_VERSION}" shown)
    _beam_release_command(assemble "${output}" "${folder}/assemble" "Assembling release ${shown}")
    _beam_release_command(pack "${archive}" "${folder}/pack" "Packing release ${shown}")
    add_custom_target(${target} DEPENDS "${folder}/assemble.stamp")
    add_custom_target(${target}_tarball DEPENDS "${folder}/pack.stamp")
    _beam_aggregate(release ${target} ${target}_tarball)
    _beam_aggregate(tarball ${target}_tarball)
    if(BeamRelease_BUILD_ALL)
        set_target_properties(${target} ${target}_tarball PROPERTIES EXCLUDE_FROM_ALL FALSE)
    endif()

    set_target_properties(${target} PROPERTIES
        BEAM_RELEASE_NAME "${arg_NAME}"
        BEAM_RELEASE_VERSION "${arg_VERSION}"
        BEAM_RELEASE_DIR "${output}"
        BEAM_RELEASE_ARCHIVE "${archive}"
        BEAM_RELEASE_SPEC "${spec}"
        BEAM_RELEASE_MANIFEST "${manifest}"
        ADDITIONAL_CLEAN_FILES "${output};${archive}"
        _BEAM_APPLICATIONS "${arg_APPLICATIONS}"
        _BEAM_PATHS "${arg_PATHS}"
        _BEAM_CALLER "${CMAKE_CURRENT_LIST_FILE}"
        _BEAM_PROJECT "${arg_PROJECT}"
        _BEAM_LAUNCHER "${launcher}"
        _BEAM_RELEASE_DEPENDS "${arg_DEPENDS}")
    _beam_release_spec("${target}")
    foreach(folder IN LISTS arg_OVERLAY)
        beam_release_overlay(${target} FROM "${folder}" TO .)
    endforeach()
    set_property(GLOBAL APPEND PROPERTY _BEAM_RELEASES "${target}")
    _beam_finish_later()
endfunction()

# Judges what can be judged at the call; reads arg_*.
function(_beam_check_release target)
    if(NOT arg_NAME MATCHES "^[a-z][a-z0-9_]*$")
        _beam_fail(beam_add_release "${target}" "'${arg_NAME}' cannot be the name of a release: "
            "it begins with a small letter and has small letters, digits and _ . Give it one with NAME.")
    endif()
    if(base STREQUAL "" AND "${arg_VERSION}" STREQUAL "")
        _beam_fail(beam_add_release "${target}" "VERSION is missing, and project() has none either")
    endif()
    if(NOT "${arg_VERSION}" STREQUAL "" AND NOT arg_VERSION MATCHES "^[0-9A-Za-z][0-9A-Za-z._+~-]*$")
        _beam_fail(beam_add_release "${target}" "VERSION is '${arg_VERSION}': use digits, letters and . _ + ~ -")
    endif()
    if(DEFINED arg_EPOCH AND NOT arg_EPOCH MATCHES "^(0|[1-9][0-9]*)$")
        _beam_fail(beam_add_release "${target}" "EPOCH is '${arg_EPOCH}', and must be seconds since 1970")
    endif()
    if(arg_STRIP AND arg_NO_STRIP)
        _beam_fail(beam_add_release "${target}" "STRIP and NO_STRIP contradict each other")
    endif()
    if(arg_NO_STRIP AND arg_KEEP_CHUNKS)
        _beam_fail(beam_add_release "${target}" "KEEP_CHUNKS says what stripping spares, and NO_STRIP that there is none")
    endif()
    foreach(application IN LISTS arg_APPLICATIONS)
        if(NOT application MATCHES "^[a-z][A-Za-z0-9_@]*(:(.*))?$")
            _beam_fail(beam_add_release "${target}" "APPLICATIONS names '${application}'; write NAME or NAME:START")
        endif()
        if(CMAKE_MATCH_1)
            _beam_check_choice(beam_add_release "${target}" "the start type in APPLICATIONS ${application}"
                "${CMAKE_MATCH_2}" permanent transient temporary load none)
        endif()
    endforeach()
endfunction()

# _beam_release_command(<command> <output> <base> <comment>): a run of the generator. Reads depends, spec.
function(_beam_release_command command output base comment)
    _beam_add_command("${base}.stamp"
        COMMAND "$<TARGET_FILE:BeamRelease::generator>" ${command} --spec "${spec}" --output "${output}"
                --stamp "${base}.stamp" --depfile "${base}.d"
        DEPENDS "${spec}" BeamRelease::generator "${depends}"
        DEPFILE "${base}.d"
        COMMENT "${comment}")
endfunction()
