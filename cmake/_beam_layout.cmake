# Where things go. One tree per build, whatever directory a function is called in, so that applications find each
# other as they do in OTP:
#
#   <build>/beam/<config>/lib/<application>/{ebin,include,priv}
#   <build>/beam/<config>/state/<application>/        manifests, depfiles, stamps, generated sources
#   <build>/beam/<config>/test/<application>/         the application compiled for its tests; results of tests
#   <build>/beam/<config>/release/<target>/           spec, release folder, archive
#   <build>/beam/<config>/upgrade/<target>/           spec and package of an upgrade
#   <build>/beam/driver/                              the compile driver

set_property(GLOBAL PROPERTY _BEAM_SOURCE_DIR "${CMAKE_CURRENT_LIST_DIR}")

# The folder of the current configuration. Fixed here, once: no property can move an output.
function(_beam_tree out)
    get_property(tree GLOBAL PROPERTY _BEAM_TREE)
    if(NOT tree)
        get_property(multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
        if(multi)
            set(config "$<CONFIG>")
        elseif(CMAKE_BUILD_TYPE)
            set(config "${CMAKE_BUILD_TYPE}")
        else()
            set(config "Default")
        endif()
        set(tree "${CMAKE_BINARY_DIR}/beam/${config}")
        set_property(GLOBAL PROPERTY _BEAM_TREE "${tree}")
    endif()
    set(${out} "${tree}" PARENT_SCOPE)
endfunction()

# Makes folders now, for every configuration: the time of the folder they are in then changes no more, and nobody
# who watches it sees a change.
function(_beam_make_folders)
    get_property(multi GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
    foreach(folder IN LISTS ARGN)
        if(multi)
            foreach(config IN LISTS CMAKE_CONFIGURATION_TYPES)
                string(REPLACE "$<CONFIG>" "${config}" one "${folder}")
                file(MAKE_DIRECTORY "${one}")
            endforeach()
        else()
            file(MAKE_DIRECTORY "${folder}")
        endif()
    endforeach()
endfunction()

# The Erlang that compiles and tests; ends the run when there is none.
function(_beam_need_erlang function target)
    if(NOT TARGET Erlang::erl OR NOT TARGET Erlang::erlc)
        _beam_fail(${function} "${target}" "Erlang was not found. "
            "Install Erlang/OTP or set Erlang_ROOT, and see what find_package(BeamRelease) reported.")
    endif()
endfunction()

# The command that runs the driver's function `module`:main(): a quiet VM on which the environment has no influence.
function(_beam_erl out module)
    set(variables ERL_LIBS ERL_FLAGS ERL_AFLAGS ERL_ZFLAGS ERL_COMPILER_OPTIONS)
    list(TRANSFORM variables PREPEND "--unset=")
    set(${out}
        "${CMAKE_COMMAND}" -E env ${variables} ERL_CRASH_DUMP_SECONDS=0
        "$<TARGET_FILE:Erlang::erl>" +fnu +pc unicode -boot no_dot_erlang -noinput
        -pa "${CMAKE_BINARY_DIR}/beam/driver" -s ${module} main -extra
        PARENT_SCOPE)
endfunction()

# The target that compiles the driver, once for a build tree.
function(_beam_driver out_stamp)
    set(folder "${CMAKE_BINARY_DIR}/beam/driver")
    set(stamp "${folder}/driver.stamp")
    set(${out_stamp} "${stamp}" PARENT_SCOPE)
    if(TARGET _beam_driver)
        return()
    endif()
    get_property(source GLOBAL PROPERTY _BEAM_SOURCE_DIR)
    set(modules compile manifest report parallel files generate app test boot
        mirror rebar3 rebar3_inside relx relx_read relx_hooks vm_args)
    list(TRANSFORM modules REPLACE "(.+)" "beamrelease_\\1.erl" OUTPUT_VARIABLE names)
    list(TRANSFORM names PREPEND "${source}/driver/" OUTPUT_VARIABLE files)
    file(MAKE_DIRECTORY "${folder}")
    # By their bare names: erlc cuts the name of the working directory off a file's, even where that ends within a name.
    add_custom_command(OUTPUT "${stamp}"
        COMMAND "${CMAKE_COMMAND}" -E env --unset=ERL_COMPILER_OPTIONS --unset=ERL_FLAGS
                "$<TARGET_FILE:Erlang::erlc>" +deterministic -o "${folder}" ${names}
        COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
        DEPENDS ${files} "$<TARGET_FILE:Erlang::erlc>"
        WORKING_DIRECTORY "${source}/driver"
        COMMENT "Compiling the Erlang compile driver"
        VERBATIM)
    add_custom_target(_beam_driver DEPENDS "${stamp}")
endfunction()

# _beam_add_command(<stamp> DEPFILE <file> COMMENT <text> COMMAND <word>... DEPENDS <what>...)
# A command that writes its depfile, and the stamp last. Others depend on the stamp, because folders and unchanged
# files keep their times.
function(_beam_add_command stamp)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "DEPFILE;COMMENT" "COMMAND;DEPENDS")
    set(forget "")
    if(CMAKE_GENERATOR MATCHES "Makefiles")
        get_property(source GLOBAL PROPERTY _BEAM_SOURCE_DIR)
        set(forget COMMAND "${CMAKE_COMMAND}" "-DFOLDER=${CMAKE_CURRENT_BINARY_DIR}" "-DSTAMP=${stamp}"
            -P "${source}/_beam_forget.cmake")
    endif()
    add_custom_command(OUTPUT "${stamp}"
        COMMAND ${arg_COMMAND}
        ${forget}
        DEPENDS ${arg_DEPENDS}
        DEPFILE "${arg_DEPFILE}"
        COMMENT "${arg_COMMENT}"
        VERBATIM)
endfunction()

# A target that builds all things of a kind in this project: `kind` in a top-level project, else beam-<kind>, so that
# two subprojects do not clash.
function(_beam_aggregate kind)
    set(name "beam-${kind}")
    if(PROJECT_IS_TOP_LEVEL)
        set(name "${kind}")
    endif()
    if(NOT TARGET ${name})
        add_custom_target(${name})
        set_property(TARGET ${name} PROPERTY _BEAM_AGGREGATE TRUE)
    endif()
    get_target_property(ours ${name} _BEAM_AGGREGATE)
    if(NOT ours)
        get_target_property(where ${name} SOURCE_DIR)
        message(FATAL_ERROR "BeamRelease makes a target '${name}' that builds every ${kind} of this project, but "
            "${where} has made another target of that name. Rename that one.")
    endif()
    add_dependencies(${name} ${ARGN})
endfunction()
