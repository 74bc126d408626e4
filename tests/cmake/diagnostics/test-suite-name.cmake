# expect: beam_add_common_test\(t\): SUITES names 'test/fix.erl'; the name of a suite ends with _SUITE.erl
beam_add_application(fix_app SOURCE_DIR apps/fix_app)
beam_add_common_test(t APPLICATION fix_app SUITES test/fix.erl)
