# expect: beam_add_application\(a b\): 'a b' cannot be the name of a target
beam_add_application("a b" SOURCE_DIR apps/fix_lib)
