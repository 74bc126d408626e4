# expect: beam_add_application\(lib\): unknown argument 'SOURCEDIR'. Did you mean 'SOURCE_DIR'
beam_add_application(lib SOURCEDIR apps/fix_lib)
