# expect: beam_add_application\(lib\): BUILDER is 'erl', and must be one of: erlc, .*mix.*\. Did you mean 'erlc'
beam_add_application(lib SOURCE_DIR apps/fix_lib BUILDER erl)
