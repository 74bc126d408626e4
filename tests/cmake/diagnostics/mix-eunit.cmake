# expect: beam_add_eunit_test\(m.tests\): APPLICATION names 'm', which mix compiles. Its tests are run by that tool
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(m SOURCE_DIR "${mix}" BUILDER mix)
beam_add_eunit_test(t APPLICATION m)
