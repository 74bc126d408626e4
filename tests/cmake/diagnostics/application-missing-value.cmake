# expect: beam_add_application\(lib\): VERSION is followed by no value
beam_add_application(lib SOURCE_DIR apps/fix_lib VERSION)
