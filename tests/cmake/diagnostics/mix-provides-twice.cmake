# expect: beam_add_application\(m\): the application 'lib' is built already, by the target 'lib'
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(lib SOURCE_DIR apps/fix_lib)
beam_add_application(m SOURCE_DIR "${mix}" BUILDER mix PROVIDES options lib)
