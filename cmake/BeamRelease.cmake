# The functions of BeamRelease: this file is read by find_package() and by add_subdirectory() alike.
# docs/reference/cmake.md describes them; each has a file of its own here. What begins with _beam_ is
# private.
include_guard(GLOBAL)

# CMake takes the policies of a function from where it is defined. Without this line the caller's
# would rule, and under CMP0116 OLD a depfile in a subdirectory makes its command run for ever.
cmake_policy(VERSION 3.22...3.31)

include("${CMAKE_CURRENT_LIST_DIR}/_beam_arguments.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_layout.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_finish.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_runtime.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_spec.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_image.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_test.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_project.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_builder_mix.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/_beam_builder_rebar3.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_add_application.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_add_release.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_release_hook.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_release_overlay.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_add_image.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_add_upgrade.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_add_eunit_test.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_add_common_test.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_add_release_test.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_add_reproducible_test.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/beam_install.cmake")
