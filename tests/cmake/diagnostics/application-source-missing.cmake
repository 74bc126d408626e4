# expect: beam_add_application\(lib\): SOURCES names 'gone.erl', and there is no .*/gone.erl
beam_add_application(lib SOURCE_DIR apps/fix_lib SOURCES gone.erl)
