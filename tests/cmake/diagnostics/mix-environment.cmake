# expect: beam_add_application\(m\): ENVIRONMENT has 'LEVEL'; write NAME=VALUE
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(m SOURCE_DIR "${mix}" BUILDER mix ENVIRONMENT LEVEL)
