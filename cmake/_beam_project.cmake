# Projects that another build tool compiles: mix, rebar3. One command of one virtual machine builds the whole project out
# of tree, into a library folder of the project's own. What differs between the tools is in _beam_builder_<tool>.cmake:
#
#   _beam_builder_<tool>_check(<target> <source>)    at the call of beam_add_application(); reads arg_*
#   _beam_builder_<tool>_command(<out> <out_depends> <target>)
#                                                    the words of the command, which the manifest is appended to; what
#                                                    the driver consists of, for DEPENDS
#   _BEAM_BUILDER_<tool>_KEYWORDS                    its own keywords of beam_add_application(); each value reaches the
#                                                    driver as a line "keyword VALUE" of the manifest
#
# The driver is told everything by the manifest, <state>/main.manifest, with a line per fact, as the one of erlc:
#
#   project TARGET        source_dir DIR     state_dir DIR (its own, for anything)     lib_dir DIR
#   stamp FILE            depfile FILE       releases_dir DIR        provides APPLICATION
#   depend NAME DIR SOURCE_DIR STAMP         an application of this build to be seen while compiling (tabs between)
#   environment NAME=VALUE                   source FILE (more input)
#   folder NAME           is in the source folder. It is here so that this file changes when a folder comes or goes
#   release NAME[@VERSION]                   a release to describe in <releases_dir>/NAME[@VERSION].yaml, with another
#                         version than its own; `default-release` is the one that the tool makes when it is given no name
#
# and leaves compiled applications in <lib_dir>/APP/{ebin,priv}, a depfile for the stamp, and the stamp.

# Words of beam_add_application() that hold for every project.
set_property(GLOBAL PROPERTY _BEAM_PROJECT_KEYWORDS
    NAME SOURCE_DIR BUILDER PROVIDES DEPENDS BUILD_DEPENDS SOURCES ENVIRONMENT)

# Reads arg_* and source of beam_add_application().
function(_beam_add_project target)
    set(builder "${arg_BUILDER}")
    get_property(common GLOBAL PROPERTY _BEAM_PROJECT_KEYWORDS)
    get_property(own GLOBAL PROPERTY _BEAM_BUILDER_${builder}_KEYWORDS)
    foreach(keyword IN ITEMS VERSION DESCRIPTION MODULE APPLICATIONS NIFS ERLC_OPTIONS ${builder_keywords})
        if(DEFINED arg_${keyword} AND NOT keyword IN_LIST common AND NOT keyword IN_LIST own)
            _beam_fail(beam_add_application "${target}" "${keyword} means nothing to BUILDER ${builder}: "
                "what the project's own files say holds. Take it out.")
        endif()
    endforeach()
    cmake_language(CALL _beam_builder_${builder}_check "${target}" "${source}")
    if(NOT arg_PROVIDES)
        set(arg_PROVIDES "${arg_NAME}")
    endif()
    list(REMOVE_DUPLICATES arg_PROVIDES)
    foreach(name IN LISTS arg_PROVIDES)
        if(NOT name MATCHES "^[a-z][a-zA-Z0-9_@]*$")
            _beam_fail(beam_add_application "${target}" "PROVIDES names '${name}', which cannot be the name of an application")
        endif()
        get_property(other GLOBAL PROPERTY _BEAM_APPLICATION_${name})
        if(NOT "${other}" STREQUAL "")
            _beam_fail(beam_add_application "${target}" "the application '${name}' is built already, by the target "
                "'${other}'. A build has one of each name.")
        endif()
    endforeach()
    foreach(variable IN LISTS arg_ENVIRONMENT)
        if(NOT variable MATCHES "^[A-Za-z_][A-Za-z0-9_]*=")
            _beam_fail(beam_add_application "${target}" "ENVIRONMENT has '${variable}'; write NAME=VALUE")
        endif()
    endforeach()
    set(sources "")
    foreach(file IN LISTS arg_SOURCES)
        _beam_check_file(beam_add_application "${target}" SOURCES file)
        list(APPEND sources "${file}")
    endforeach()

    _beam_tree(tree)
    set(state "${tree}/state/${target}")
    set(lib "${tree}/project/${target}/lib")
    _beam_make_folders("${state}/main" "${state}/releases" "${lib}")
    cmake_language(CALL _beam_builder_${builder}_command command depends "${target}")
    _beam_add_command("${state}/main.stamp"
        COMMAND ${command} "${state}/main.manifest"
        DEPENDS "${state}/main.manifest" ${depends} ${sources}
                "$<TARGET_GENEX_EVAL:${target},$<TARGET_PROPERTY:${target},_BEAM_PROJECT_DEPENDS>>"
        DEPFILE "${state}/main.d"
        COMMENT "Compiling ${builder} project ${target}")
    add_custom_target(${target} ALL DEPENDS "${state}/main.stamp")
    list(GET arg_PROVIDES 0 first)
    set(facts "")
    foreach(keyword IN LISTS own)
        string(TOLOWER "${keyword}" key)
        foreach(value IN LISTS arg_${keyword})
            list(APPEND facts "${key} ${value}")
        endforeach()
    endforeach()
    _beam_project_folders(there "${source}")
    foreach(name IN LISTS there)
        list(APPEND facts "folder ${name}")
    endforeach()
    foreach(variable IN LISTS arg_ENVIRONMENT)
        list(APPEND facts "environment ${variable}")
    endforeach()
    set_target_properties(${target} PROPERTIES
        BEAM_APPLICATION_NAME "${first}"
        BEAM_APPLICATION_DIR "${lib}/${first}"
        BEAM_APPLICATION_SOURCE_DIR "${source}"
        BEAM_APPLICATION_VERSION ""
        ADDITIONAL_CLEAN_FILES "${tree}/project/${target};${state}/main;${state}/releases"
        _BEAM_BUILDER "${builder}"
        _BEAM_PROVIDES "${arg_PROVIDES}"
        _BEAM_LIB_DIR "${lib}"
        _BEAM_FACTS "${facts}"
        _BEAM_STATE "${state}"
        _BEAM_APPLICATIONS ""
        _BEAM_DEPENDS "${arg_DEPENDS}"
        _BEAM_BUILD_DEPENDS "${arg_BUILD_DEPENDS}"
        _BEAM_SOURCES "${sources}"
        _BEAM_NIFS ""
        _BEAM_PROJECT_DEPENDS ""
        _BEAM_PROJECT_RELEASES "")
    foreach(name IN LISTS arg_PROVIDES)
        set_property(GLOBAL PROPERTY _BEAM_APPLICATION_${name} "${target}")
    endforeach()
    set_property(GLOBAL APPEND PROPERTY _BEAM_APPLICATIONS "${target}")
    _beam_finish_later()
endfunction()

# Which of the things that build tools look for are in the project's folder. Every build looks whether that is still so: a
# depfile cannot name what is not there, and the folder's own time would tell of anything else that is put there, too.
function(_beam_project_folders out source)
    _beam_glob(pattern "${source}")
    set(names mix.lock rebar.lock config lib src include priv rel deps _checkouts apps)
    list(TRANSFORM names PREPEND "${pattern}/" OUTPUT_VARIABLE patterns)
    file(GLOB there LIST_DIRECTORIES TRUE RELATIVE "${source}" CONFIGURE_DEPENDS ${patterns})
    set(${out} "${there}" PARENT_SCOPE)
endfunction()

# The applications of a target, and the folder of one of them.
function(_beam_provides out target)
    get_target_property(names ${target} _BEAM_PROVIDES)
    if(NOT names)
        get_target_property(names ${target} BEAM_APPLICATION_NAME)
    endif()
    set(${out} "${names}" PARENT_SCOPE)
endfunction()

function(_beam_application_dir out target name)
    get_target_property(lib ${target} _BEAM_LIB_DIR)
    if(lib)
        set(${out} "${lib}/${name}" PARENT_SCOPE)
    else()
        get_target_property(dir ${target} BEAM_APPLICATION_DIR)
        set(${out} "${dir}" PARENT_SCOPE)
    endif()
endfunction()

# The target that a word of DEPENDS means: a target, or an application that a project provides.
function(_beam_owner out word)
    set(${out} "${word}" PARENT_SCOPE)
    get_property(targets GLOBAL PROPERTY _BEAM_APPLICATIONS)
    if(NOT word IN_LIST targets)
        get_property(owner GLOBAL PROPERTY _BEAM_APPLICATION_${word})
        if(NOT "${owner}" STREQUAL "")
            set(${out} "${owner}" PARENT_SCOPE)
        endif()
    endif()
endfunction()

# The lines "depend ..." of a manifest: all that `target` may see while it is compiled.
function(_beam_depend_lines out needs)
    set(text "")
    _beam_closure(closure _BEAM_NEEDS ${needs})
    foreach(need IN LISTS closure)
        get_target_property(source ${need} BEAM_APPLICATION_SOURCE_DIR)
        get_target_property(state ${need} _BEAM_STATE)
        _beam_provides(names ${need})
        foreach(name IN LISTS names)
            _beam_application_dir(dir ${need} "${name}")
            _beam_line(depend "${name}\t${dir}\t${source}\t${state}/main.stamp")
        endforeach()
    endforeach()
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

# At the end of the project: what the driver is told.
function(_beam_write_project target)
    foreach(fact IN ITEMS STATE LIB_DIR PROVIDES FACTS SOURCES NEEDS PROJECT_RELEASES)
        get_target_property(${fact} ${target} _BEAM_${fact})
    endforeach()
    get_target_property(source ${target} BEAM_APPLICATION_SOURCE_DIR)
    set(text "")
    _beam_line(project "${target}")
    _beam_line(source_dir "${source}")
    _beam_line(state_dir "${STATE}/main")
    _beam_line(lib_dir "${LIB_DIR}")
    _beam_line(releases_dir "${STATE}/releases")
    _beam_line(stamp "${STATE}/main.stamp")
    _beam_line(depfile "${STATE}/main.d")
    foreach(name IN LISTS PROVIDES)
        _beam_line(provides "${name}")
    endforeach()
    foreach(fact IN LISTS FACTS)
        string(APPEND text "${fact}\n")
    endforeach()
    foreach(file IN LISTS SOURCES)
        _beam_line(source "${file}")
    endforeach()
    _beam_depend_lines(depend "${NEEDS}")
    string(APPEND text "${depend}")
    list(REMOVE_DUPLICATES PROJECT_RELEASES)
    list(SORT PROJECT_RELEASES)
    foreach(name IN LISTS PROJECT_RELEASES)
        _beam_line(release "${name}")
    endforeach()
    file(GENERATE OUTPUT "${STATE}/main.manifest" CONTENT "${text}")
    foreach(need IN LISTS NEEDS)
        get_target_property(state ${need} _BEAM_STATE)
        set_property(TARGET ${target} APPEND PROPERTY _BEAM_PROJECT_DEPENDS "${state}/main.stamp")
    endforeach()
endfunction()

# Reads arg_* of beam_add_release(): its base is the release that the project PROJECT declares.
function(_beam_release_project target out_base)
    _beam_check_target(beam_add_release "${target}" application PROJECT "${arg_PROJECT}")
    get_target_property(builder ${arg_PROJECT} _BEAM_BUILDER)
    if(NOT builder)
        _beam_fail(beam_add_release "${target}" "PROJECT names '${arg_PROJECT}', which is not the target of a project: "
            "it is compiled by BUILDER erlc, and declares no releases. Give APPLICATIONS instead.")
    endif()
    set(name default-release)
    if(DEFINED arg_PROJECT_RELEASE)
        set(name "${arg_PROJECT_RELEASE}")
        if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
            _beam_fail(beam_add_release "${target}" "PROJECT_RELEASE is '${name}', which cannot be the name of a release")
        endif()
    endif()
    # What mix makes of the configuration holds the version.
    if(builder STREQUAL "mix" AND DEFINED arg_VERSION)
        string(APPEND name "@${arg_VERSION}")
    endif()
    set_property(TARGET ${arg_PROJECT} APPEND PROPERTY _BEAM_PROJECT_RELEASES "${name}")
    get_target_property(state ${arg_PROJECT} _BEAM_STATE)
    set(${out_base} "${state}/releases/${name}.yaml" PARENT_SCOPE)
endfunction()
