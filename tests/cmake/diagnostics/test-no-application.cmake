# expect: beam_add_eunit_test\(t\): APPLICATION is missing
beam_add_eunit_test(t)
