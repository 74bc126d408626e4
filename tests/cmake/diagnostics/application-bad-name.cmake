# expect: beam_add_application\(Lib\): 'Lib' cannot be the name of an application.* Give it one with NAME
beam_add_application(Lib SOURCE_DIR apps/fix_lib)
