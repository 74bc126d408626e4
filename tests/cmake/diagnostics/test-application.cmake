# expect: beam_add_eunit_test\(t\): APPLICATION names 'lob', which is not a target of beam_add_application\(\). Did you mean 'lib'
beam_add_application(lib SOURCE_DIR apps/fix_lib)
beam_add_eunit_test(t APPLICATION lob)
