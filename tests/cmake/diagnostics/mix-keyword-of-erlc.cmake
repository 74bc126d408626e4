# expect: beam_add_application\(lib\): PROVIDES is for projects of another build tool, and BUILDER is erlc
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(lib SOURCE_DIR apps/fix_lib PROVIDES lib)
