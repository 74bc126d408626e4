# expect: beam_add_application\(lib\): VERSION is '1.0 beta'
beam_add_application(lib SOURCE_DIR apps/fix_lib VERSION "1.0 beta")
