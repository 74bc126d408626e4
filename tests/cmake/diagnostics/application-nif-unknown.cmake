# expect: beam_add_application\(lib\): NIFS names 'nif', and there is no such target. Make it first: add_library\(nif MODULE
beam_add_application(lib SOURCE_DIR apps/fix_lib NIFS nif)
