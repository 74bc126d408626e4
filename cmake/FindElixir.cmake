#[==[
FindElixir
----------

Finds Elixir, whose compiler and build tool mix run on this machine, and whose applications go into releases.

Targets: ``Elixir::elixir``, ``Elixir::mix``; both of them global.
Variables: ``Elixir_VERSION``, ``Elixir_LIB_DIR`` (the folder that holds elixir/ebin, mix/ebin and the others),
``Elixir_ELIXIR_EXECUTABLE``, ``Elixir_MIX_EXECUTABLE``.

Hints: ``Elixir_ROOT`` (CMake or environment variable): a folder that holds bin/elixir.
#]==]
cmake_policy(PUSH)
cmake_policy(VERSION 3.22...3.31)
include(FindPackageHandleStandardArgs)

# The folder of Elixir's applications: beside bin/, where links lead to. A version manager's program is asked.
function(_elixir_lib_dir out elixir)
    file(REAL_PATH "${elixir}" real)
    get_filename_component(bin "${real}" DIRECTORY)
    get_filename_component(lib "${bin}/../lib" ABSOLUTE)
    set(${out} "" PARENT_SCOPE)
    if(EXISTS "${lib}/elixir/ebin/elixir.app")
        set(${out} "${lib}" PARENT_SCOPE)
        return()
    endif()
    execute_process(COMMAND "${elixir}" -e "IO.puts([\"lib=\", Path.dirname(to_string(:code.lib_dir(:elixir)))])"
        OUTPUT_VARIABLE output ERROR_VARIABLE error RESULT_VARIABLE result TIMEOUT 60)
    if(result EQUAL 0 AND output MATCHES "lib=([^\n]+)\n" AND EXISTS "${CMAKE_MATCH_1}/elixir/ebin/elixir.app")
        set(${out} "${CMAKE_MATCH_1}" PARENT_SCOPE)
    else()
        message(WARNING "FindElixir: '${elixir}' did not say where its applications are: exit status ${result}, "
                        "output '${output}', errors '${error}'. Set Elixir_ROOT to a folder that holds bin/elixir.")
    endif()
endfunction()

set(_Elixir_hints "")
if(Elixir_ROOT)
    list(APPEND _Elixir_hints "${Elixir_ROOT}/bin" "${Elixir_ROOT}")
endif()
if(DEFINED ENV{Elixir_ROOT})
    list(APPEND _Elixir_hints "$ENV{Elixir_ROOT}/bin" "$ENV{Elixir_ROOT}")
endif()
find_program(Elixir_ELIXIR_EXECUTABLE elixir HINTS ${_Elixir_hints} NO_CMAKE_FIND_ROOT_PATH
    DOC "The program elixir of this machine")
mark_as_advanced(Elixir_ELIXIR_EXECUTABLE)

set(Elixir_LIB_DIR "")
set(Elixir_VERSION "")
set(Elixir_MIX_EXECUTABLE "")
if(Elixir_ELIXIR_EXECUTABLE)
    if(NOT _Elixir_QUERIED STREQUAL Elixir_ELIXIR_EXECUTABLE OR NOT EXISTS "${_Elixir_QUERIED_LIB}/elixir/ebin/elixir.app")
        _elixir_lib_dir(_Elixir_lib "${Elixir_ELIXIR_EXECUTABLE}")
        set(_Elixir_QUERIED "${Elixir_ELIXIR_EXECUTABLE}" CACHE INTERNAL "The elixir that was asked")
        set(_Elixir_QUERIED_LIB "${_Elixir_lib}" CACHE INTERNAL "Where its applications are")
    endif()
    set(Elixir_LIB_DIR "${_Elixir_QUERIED_LIB}")
    get_filename_component(Elixir_MIX_EXECUTABLE "${Elixir_ELIXIR_EXECUTABLE}" DIRECTORY)
    string(APPEND Elixir_MIX_EXECUTABLE "/mix")
endif()
if(Elixir_LIB_DIR)
    set(_Elixir_app "${Elixir_LIB_DIR}/elixir/ebin/elixir.app")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${_Elixir_app}")
    file(STRINGS "${_Elixir_app}" _Elixir_line REGEX "{ *vsn *," LIMIT_COUNT 1)
    string(REGEX REPLACE ".*{ *vsn *, *\"([^\"]+)\".*" "\\1" Elixir_VERSION "${_Elixir_line}")
endif()

find_package_handle_standard_args(Elixir
    REQUIRED_VARS Elixir_ELIXIR_EXECUTABLE Elixir_LIB_DIR Elixir_VERSION
    VERSION_VAR Elixir_VERSION
    HANDLE_VERSION_RANGE
    REASON_FAILURE_MESSAGE "Install Elixir, or set Elixir_ROOT to a folder that holds bin/elixir")

if(Elixir_FOUND)
    if(NOT TARGET Elixir::elixir)
        add_executable(Elixir::elixir IMPORTED GLOBAL)
        set_target_properties(Elixir::elixir PROPERTIES IMPORTED_LOCATION "${Elixir_ELIXIR_EXECUTABLE}")
    endif()
    if(NOT TARGET Elixir::mix)
        add_executable(Elixir::mix IMPORTED GLOBAL)
        set_target_properties(Elixir::mix PROPERTIES IMPORTED_LOCATION "${Elixir_MIX_EXECUTABLE}")
    endif()
    # Functions that are called where these variables cannot be seen read them here.
    set_property(GLOBAL PROPERTY _BEAM_ELIXIR_VERSION "${Elixir_VERSION}")
    set_property(GLOBAL PROPERTY _BEAM_ELIXIR_LIB_DIR "${Elixir_LIB_DIR}")
endif()
cmake_policy(POP)
