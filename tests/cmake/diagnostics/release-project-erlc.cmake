# expect: beam_add_release\(r\): PROJECT names 'lib', which is not the target of a project: it is compiled by BUILDER erlc
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(lib SOURCE_DIR apps/fix_lib)
beam_add_release(r PROJECT lib)
