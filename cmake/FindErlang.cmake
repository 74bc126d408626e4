#[==[
FindErlang
----------

Finds Erlang/OTP: the one of this machine, whose compiler and tests run, and the one releases are made for
(the same, unless ``Erlang_TARGET_ROOT`` names another OTP root, of which files are only read).

Components: ``erl``, ``erlc``, ``NIF`` (headers for NIFs and drivers), ``EI`` (the C library ei).
Targets: ``Erlang::erl``, ``Erlang::erlc``, ``Erlang::NIF``, ``Erlang::EI``; all of them global.
Variables: ``Erlang_VERSION`` (25.2.3, from the file OTP_VERSION), ``Erlang_OTP_RELEASE`` (25),
``Erlang_ERTS_VERSION``, ``Erlang_NIF_VERSION``, ``Erlang_ROOT_DIR``, ``Erlang_TARGET_ROOT_DIR``,
``Erlang_INCLUDE_DIR``, ``Erlang_EI_LIBRARY``. Versions are those of the OTP that releases are made for.

Hints: ``Erlang_ROOT`` (CMake or environment variable): a folder that holds bin/erl.
#]==]
cmake_policy(PUSH)
cmake_policy(VERSION 3.22...3.31)
include(FindPackageHandleStandardArgs)

# The version of the OTP in `root`, from its OTP_VERSION file: "25.2.3" and "25"; empty when there is none.
function(_erlang_read_version root out_version out_release out_file)
    set(${out_version} "" PARENT_SCOPE)
    set(${out_release} "" PARENT_SCOPE)
    set(${out_file} "" PARENT_SCOPE)
    file(GLOB files "${root}/releases/*/OTP_VERSION")
    list(SORT files COMPARE NATURAL)
    if(NOT files)
        return()
    endif()
    list(POP_BACK files file)
    file(STRINGS "${file}" version LIMIT_COUNT 1)
    get_filename_component(release "${file}" DIRECTORY)
    get_filename_component(release "${release}" NAME)
    set(${out_version} "${version}" PARENT_SCOPE)
    set(${out_release} "${release}" PARENT_SCOPE)
    set(${out_file} "${file}" PARENT_SCOPE)
endfunction()

# Where `erl` keeps its OTP. Asked of erl once; again when another erl is found or its OTP was upgraded.
function(_erlang_query_root erl out)
    file(REAL_PATH "${erl}" real)
    set(version_file "${_Erlang_QUERIED_FILE}")
    set(content "")
    if(version_file AND EXISTS "${version_file}")
        file(STRINGS "${version_file}" content)
    endif()
    if(_Erlang_QUERY_KEY STREQUAL "${real}|${content}" AND content)
        set(${out} "${_Erlang_QUERIED_ROOT}" PARENT_SCOPE)
        return()
    endif()
    execute_process(
        COMMAND ${CMAKE_COMMAND} -E env --unset=ERL_LIBS --unset=ERL_FLAGS --unset=ERL_AFLAGS
                --unset=ERL_ZFLAGS "${erl}" -noinput -boot start_clean +fnu -eval
                "io:put_chars([\"root=\",unicode:characters_to_binary(code:root_dir())]),halt()."
        RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE error TIMEOUT 60)
    set(root "")
    if(result EQUAL 0 AND output MATCHES "^root=([^\n]+)$")
        set(root "${CMAKE_MATCH_1}")
    endif()
    if(NOT IS_DIRECTORY "${root}")
        message(WARNING "FindErlang: '${erl}' did not say where its OTP is: exit status ${result}, "
                        "output '${output}', errors '${error}'. Set Erlang_ROOT to a folder that holds bin/erl.")
        set(${out} "" PARENT_SCOPE)
        return()
    endif()
    _erlang_read_version("${root}" version release version_file)
    set(content "")
    if(version_file)
        file(STRINGS "${version_file}" content)
    endif()
    set(_Erlang_QUERY_KEY "${real}|${content}" CACHE INTERNAL "The erl that was asked")
    set(_Erlang_QUERIED_FILE "${version_file}" CACHE INTERNAL "Its OTP_VERSION")
    set(_Erlang_QUERIED_ROOT "${root}" CACHE INTERNAL "Its OTP root")
    # What was found in the OTP that was there before.
    unset(Erlang_INCLUDE_DIR CACHE)
    unset(Erlang_EI_LIBRARY CACHE)
    set(${out} "${root}" PARENT_SCOPE)
endfunction()

# The compiler and the tests run on this machine, whatever is being built.
set(_Erlang_hints "")
if(Erlang_ROOT)
    list(APPEND _Erlang_hints "${Erlang_ROOT}/bin" "${Erlang_ROOT}")
endif()
if(DEFINED ENV{Erlang_ROOT})
    list(APPEND _Erlang_hints "$ENV{Erlang_ROOT}/bin" "$ENV{Erlang_ROOT}")
endif()
find_program(Erlang_ERL_EXECUTABLE erl HINTS ${_Erlang_hints} NO_CMAKE_FIND_ROOT_PATH
    DOC "The Erlang virtual machine of this machine")
mark_as_advanced(Erlang_ERL_EXECUTABLE)
set(Erlang_TARGET_ROOT "" CACHE PATH "OTP root that releases are made for; empty: the one of this machine")

set(Erlang_ROOT_DIR "")
set(_Erlang_erl "")
set(_Erlang_erlc "")
if(Erlang_ERL_EXECUTABLE)
    _erlang_query_root("${Erlang_ERL_EXECUTABLE}" Erlang_ROOT_DIR)
    set(_Erlang_erl "${Erlang_ERL_EXECUTABLE}")
    # A version manager's erl picks an OTP by the current folder; the OTP's own does not.
    if(EXISTS "${Erlang_ROOT_DIR}/bin/erl")
        set(_Erlang_erl "${Erlang_ROOT_DIR}/bin/erl")
    endif()
    if(EXISTS "${Erlang_ROOT_DIR}/bin/erlc")
        set(_Erlang_erlc "${Erlang_ROOT_DIR}/bin/erlc")
    endif()
endif()

set(Erlang_TARGET_ROOT_DIR "${Erlang_ROOT_DIR}")
if(Erlang_TARGET_ROOT)
    file(REAL_PATH "${Erlang_TARGET_ROOT}" Erlang_TARGET_ROOT_DIR BASE_DIRECTORY "${CMAKE_SOURCE_DIR}")
endif()

# From here on files are read; nothing of the target's OTP is run.
set(Erlang_VERSION "")
set(Erlang_OTP_RELEASE "")
set(Erlang_ERTS_VERSION "")
set(Erlang_NIF_VERSION "")
if(Erlang_TARGET_ROOT_DIR)
    _erlang_read_version("${Erlang_TARGET_ROOT_DIR}" Erlang_VERSION Erlang_OTP_RELEASE _Erlang_version_file)
    if(_Erlang_version_file)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${_Erlang_version_file}")
    endif()
    file(GLOB _Erlang_erts RELATIVE "${Erlang_TARGET_ROOT_DIR}" "${Erlang_TARGET_ROOT_DIR}/erts-*")
    list(SORT _Erlang_erts COMPARE NATURAL)
    if(_Erlang_erts)
        list(GET _Erlang_erts -1 _Erlang_erts)
        string(REGEX REPLACE "^erts-" "" Erlang_ERTS_VERSION "${_Erlang_erts}")
    endif()
    if(NOT _Erlang_INCLUDE_ROOT STREQUAL Erlang_TARGET_ROOT_DIR)
        unset(Erlang_INCLUDE_DIR CACHE)
        unset(Erlang_EI_LIBRARY CACHE)
        set(_Erlang_INCLUDE_ROOT "${Erlang_TARGET_ROOT_DIR}" CACHE INTERNAL "Where the headers were looked for")
    endif()
    find_path(Erlang_INCLUDE_DIR erl_nif.h NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH
        PATHS "${Erlang_TARGET_ROOT_DIR}/usr/include"
              "${Erlang_TARGET_ROOT_DIR}/erts-${Erlang_ERTS_VERSION}/include"
        DOC "Folder of erl_nif.h")
    file(GLOB _Erlang_ei LIST_DIRECTORIES TRUE "${Erlang_TARGET_ROOT_DIR}/lib/erl_interface-*/lib")
    find_library(Erlang_EI_LIBRARY ei NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH
        PATHS "${Erlang_TARGET_ROOT_DIR}/usr/lib" ${_Erlang_ei}
        DOC "The C library ei")
    mark_as_advanced(Erlang_INCLUDE_DIR Erlang_EI_LIBRARY)
endif()
if(Erlang_INCLUDE_DIR)
    file(STRINGS "${Erlang_INCLUDE_DIR}/erl_nif.h" _Erlang_lines REGEX "define +ERL_NIF_M(AJ|IN)OR_VERSION")
    string(REGEX REPLACE ".*MAJOR_VERSION +([0-9]+).*MINOR_VERSION +([0-9]+).*" "\\1.\\2"
        Erlang_NIF_VERSION "${_Erlang_lines}")
endif()

foreach(_Erlang_component IN ITEMS erl erlc NIF EI)
    set(Erlang_${_Erlang_component}_FOUND FALSE)
endforeach()
if(_Erlang_erl AND Erlang_ROOT_DIR)
    set(Erlang_erl_FOUND TRUE)
endif()
if(_Erlang_erlc)
    set(Erlang_erlc_FOUND TRUE)
endif()
if(Erlang_INCLUDE_DIR)
    set(Erlang_NIF_FOUND TRUE)
endif()
if(Erlang_INCLUDE_DIR AND Erlang_EI_LIBRARY)
    set(Erlang_EI_FOUND TRUE)
endif()

find_package_handle_standard_args(Erlang
    REQUIRED_VARS Erlang_ERL_EXECUTABLE Erlang_ROOT_DIR Erlang_VERSION Erlang_ERTS_VERSION
    VERSION_VAR Erlang_VERSION
    HANDLE_VERSION_RANGE
    HANDLE_COMPONENTS
    REASON_FAILURE_MESSAGE
        "Install Erlang/OTP (its development files too, for NIFs), or set Erlang_ROOT to a folder that holds bin/erl")

if(Erlang_FOUND)
    if(Erlang_erl_FOUND AND NOT TARGET Erlang::erl)
        add_executable(Erlang::erl IMPORTED GLOBAL)
        set_target_properties(Erlang::erl PROPERTIES IMPORTED_LOCATION "${_Erlang_erl}")
    endif()
    if(Erlang_erlc_FOUND AND NOT TARGET Erlang::erlc)
        add_executable(Erlang::erlc IMPORTED GLOBAL)
        set_target_properties(Erlang::erlc PROPERTIES IMPORTED_LOCATION "${_Erlang_erlc}")
    endif()
    if(Erlang_NIF_FOUND AND NOT TARGET Erlang::NIF)
        add_library(Erlang::NIF INTERFACE IMPORTED GLOBAL)
        set_target_properties(Erlang::NIF PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${Erlang_INCLUDE_DIR}")
        if(APPLE)
            # The virtual machine supplies enif_* when it loads the library.
            set_target_properties(Erlang::NIF PROPERTIES INTERFACE_LINK_OPTIONS "LINKER:-undefined,dynamic_lookup")
        endif()
    endif()
    if(Erlang_EI_FOUND AND NOT TARGET Erlang::EI)
        add_library(Erlang::EI UNKNOWN IMPORTED GLOBAL)
        set_target_properties(Erlang::EI PROPERTIES
            IMPORTED_LOCATION "${Erlang_EI_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${Erlang_INCLUDE_DIR}")
    endif()
    # Functions that are called where these variables cannot be seen read them here.
    foreach(_Erlang_fact IN ITEMS VERSION OTP_RELEASE ERTS_VERSION NIF_VERSION ROOT_DIR TARGET_ROOT_DIR)
        set_property(GLOBAL PROPERTY _BEAM_ERLANG_${_Erlang_fact} "${Erlang_${_Erlang_fact}}")
    endforeach()
endif()
cmake_policy(POP)
