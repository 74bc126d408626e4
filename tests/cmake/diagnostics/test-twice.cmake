# expect: beam_add_common_test\(t\): there is a test of this name already
enable_testing()
beam_add_application(fix_app SOURCE_DIR apps/fix_app)
beam_add_eunit_test(t APPLICATION fix_app)
beam_add_common_test(t APPLICATION fix_app)
