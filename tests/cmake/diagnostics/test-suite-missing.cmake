# expect: beam_add_common_test\(t\): SUITES names 'test/other_SUITE.erl', and there is no other_SUITE.erl in
beam_add_application(fix_app SOURCE_DIR apps/fix_app)
beam_add_common_test(t APPLICATION fix_app SUITES test/other_SUITE.erl)
