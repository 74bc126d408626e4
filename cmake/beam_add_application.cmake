# beam_add_application(<target> [NAME <name>] [SOURCE_DIR <dir>] [BUILDER erlc] [VERSION <vsn>]
#     [DESCRIPTION <text>] [MODULE <module>] [APPLICATIONS <name>...] [DEPENDS <target>...]
#     [BUILD_DEPENDS <target>...] [NIFS <target>...] [SOURCES <file>...] [ERLC_OPTIONS <option>...])
# beam_add_application(<target> BUILDER mix [NAME <name>] [SOURCE_DIR <dir>] [PROVIDES <name>...] [MIX_ENV <name>]
#     [MIX_TARGET <name>] [DEPENDS <target>...] [BUILD_DEPENDS <target>...] [ENVIRONMENT <name>=<value>...]
#     [SOURCES <file>...])
# beam_add_application(<target> BUILDER rebar3 [NAME <name>] [SOURCE_DIR <dir>] [PROVIDES <name>...]
#     [REBAR_PROFILE <name>...] [DEPENDS <target>...] [BUILD_DEPENDS <target>...] [ENVIRONMENT <name>=<value>...]
#     [SOURCES <file>...])
function(beam_add_application target)
    # What projects of other build tools know, see _beam_project.cmake.
    get_property(builders GLOBAL PROPERTY _BEAM_BUILDERS)
    set(builder_keywords PROVIDES ENVIRONMENT)
    foreach(builder IN LISTS builders)
        get_property(keywords GLOBAL PROPERTY _BEAM_BUILDER_${builder}_KEYWORDS)
        list(APPEND builder_keywords ${keywords})
    endforeach()
    set(one NAME SOURCE_DIR BUILDER VERSION DESCRIPTION MODULE)
    set(many APPLICATIONS DEPENDS BUILD_DEPENDS NIFS SOURCES ERLC_OPTIONS ${builder_keywords})
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "${one}" "${many}")
    _beam_check_arguments(beam_add_application "${target}" KEYWORDS ${one} ${many} FREE DESCRIPTION SOURCE_DIR ENVIRONMENT)
    _beam_check_new(beam_add_application "${target}")
    _beam_need_erlang(beam_add_application "${target}")

    if(NOT DEFINED arg_NAME)
        set(arg_NAME "${target}")
    endif()
    if(NOT arg_NAME MATCHES "^[a-z][a-zA-Z0-9_@]*$")
        _beam_fail(beam_add_application "${target}" "'${arg_NAME}' cannot be the name of an application: "
            "it begins with a small letter and has letters, digits and _ . Give it one with NAME.")
    endif()
    get_property(other GLOBAL PROPERTY _BEAM_APPLICATION_${arg_NAME})
    if(NOT "${other}" STREQUAL "")
        _beam_fail(beam_add_application "${target}"
            "the application '${arg_NAME}' is built already, by the target '${other}'. A build has one of each name.")
    endif()
    if(DEFINED arg_BUILDER)
        _beam_check_choice(beam_add_application "${target}" BUILDER "${arg_BUILDER}" erlc ${builders})
    else()
        set(arg_BUILDER erlc)
    endif()
    if(DEFINED arg_VERSION AND NOT arg_VERSION MATCHES "^[0-9A-Za-z][0-9A-Za-z._+~-]*$")
        _beam_fail(beam_add_application "${target}" "VERSION is '${arg_VERSION}': use digits, letters and . _ + ~ -")
    endif()
    if(NOT DEFINED arg_SOURCE_DIR)
        set(arg_SOURCE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    endif()
    get_filename_component(source "${arg_SOURCE_DIR}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    if(NOT IS_DIRECTORY "${source}")
        _beam_fail(beam_add_application "${target}" "SOURCE_DIR names '${arg_SOURCE_DIR}', and there is no folder ${source}")
    endif()
    if(NOT arg_BUILDER STREQUAL "erlc")
        _beam_add_project("${target}")
        return()
    endif()
    foreach(keyword IN LISTS builder_keywords)
        if(DEFINED arg_${keyword})
            _beam_fail(beam_add_application "${target}" "${keyword} is for projects of another build tool, and BUILDER is erlc")
        endif()
    endforeach()
    if(NOT IS_DIRECTORY "${source}/src" AND NOT IS_DIRECTORY "${source}/asn1" AND NOT arg_SOURCES)
        _beam_fail(beam_add_application "${target}" "there is no folder ${source}/src. "
            "SOURCE_DIR is the folder that holds src/, include/ and priv/.")
    endif()

    _beam_source_folders(folders "${source}")
    _beam_tree(tree)
    set(output "${tree}/lib/${arg_NAME}")
    set(state "${tree}/state/${arg_NAME}")
    _beam_make_folders("${output}/ebin" "${state}/main")
    set(sources "")
    foreach(file IN LISTS arg_SOURCES)
        _beam_check_file(beam_add_application "${target}" SOURCES file)
        list(APPEND sources "${file}")
    endforeach()
    _beam_add_nifs("${target}" "${output}/priv" ${arg_NIFS})

    _beam_driver(driver)
    _beam_erl(erl beamrelease_compile)
    _beam_add_command("${state}/main.stamp"
        COMMAND ${erl} "${state}/main.manifest"
        DEPENDS "${state}/main.manifest" "${driver}" _beam_driver ${sources}
        DEPFILE "${state}/main.d"
        COMMENT "Compiling Erlang application ${arg_NAME}")
    add_custom_target(${target} ALL DEPENDS "${state}/main.stamp")
    if(arg_NIFS)
        add_dependencies(${target} ${arg_NIFS})
    endif()

    set_target_properties(${target} PROPERTIES
        BEAM_APPLICATION_NAME "${arg_NAME}"
        BEAM_APPLICATION_DIR "${output}"
        BEAM_APPLICATION_SOURCE_DIR "${source}"
        BEAM_APPLICATION_VERSION "${arg_VERSION}"
        BEAM_ERLC_OPTIONS "${arg_ERLC_OPTIONS}"
        ADDITIONAL_CLEAN_FILES "${output}/ebin;${output}/include;${state}/main"
        _BEAM_STATE "${state}"
        _BEAM_PROJECT_VERSION "${PROJECT_VERSION}"
        _BEAM_DESCRIPTION "${arg_DESCRIPTION}"
        _BEAM_MODULE "${arg_MODULE}"
        _BEAM_APPLICATIONS "${arg_APPLICATIONS}"
        _BEAM_DEPENDS "${arg_DEPENDS}"
        _BEAM_BUILD_DEPENDS "${arg_BUILD_DEPENDS}"
        _BEAM_SOURCES "${sources}"
        _BEAM_FOLDERS "${folders}"
        _BEAM_NIFS "${arg_NIFS}")
    set_property(GLOBAL APPEND PROPERTY _BEAM_APPLICATIONS "${target}")
    set_property(GLOBAL PROPERTY _BEAM_APPLICATION_${arg_NAME} "${target}")
    _beam_finish_later()
endfunction()

# Which folders an application has. Every build looks whether that is still so, and if not reads the project again. The
# time of the folder they are in would tell of anything else that is put there, too.
function(_beam_source_folders out source)
    _beam_glob(pattern "${source}")
    set(names src include priv asn1 test)
    list(TRANSFORM names PREPEND "${pattern}/" OUTPUT_VARIABLE patterns)
    file(GLOB folders LIST_DIRECTORIES TRUE RELATIVE "${source}" CONFIGURE_DEPENDS ${patterns})
    set(${out} "${folders}" PARENT_SCOPE)
endfunction()

# NIF libraries go where code:priv_dir/1 finds them, by the name that erlang:load_nif/2 asks for.
function(_beam_add_nifs target priv)
    foreach(nif IN LISTS ARGN)
        if(NOT TARGET "${nif}")
            _beam_fail(beam_add_application "${target}" "NIFS names '${nif}', and there is no such target. "
                "Make it first: add_library(${nif} MODULE ...), linked to Erlang::NIF.")
        endif()
        get_target_property(type ${nif} TYPE)
        if(NOT type STREQUAL "MODULE_LIBRARY")
            _beam_fail(beam_add_application "${target}" "NIFS names '${nif}', which is a ${type}. "
                "The virtual machine loads modules: add_library(${nif} MODULE ...).")
        endif()
        get_target_property(user ${nif} _BEAM_NIF_OF)
        if(user)
            _beam_fail(beam_add_application "${target}" "NIFS names '${nif}', which belongs to '${user}' already")
        endif()
        set_target_properties(${nif} PROPERTIES
            PREFIX "" DEBUG_POSTFIX "" LIBRARY_OUTPUT_DIRECTORY "${priv}" _BEAM_NIF_OF "${target}")
        if(NOT WIN32)
            set_target_properties(${nif} PROPERTIES SUFFIX ".so") # on macOS too: load_nif adds it
        endif()
        foreach(language IN ITEMS C CXX)
            get_target_property(preset ${nif} ${language}_VISIBILITY_PRESET)
            if(NOT preset)
                set_target_properties(${nif} PROPERTIES ${language}_VISIBILITY_PRESET hidden)
            endif()
        endforeach()
    endforeach()
endfunction()
