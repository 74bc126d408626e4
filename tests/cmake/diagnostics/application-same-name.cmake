# expect: beam_add_application\(other\): the application 'lib' is built already, by the target 'lib'
beam_add_application(lib SOURCE_DIR apps/fix_lib)
beam_add_application(other NAME lib SOURCE_DIR apps/fix_lib)
