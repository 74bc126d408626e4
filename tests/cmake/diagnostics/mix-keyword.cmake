# expect: beam_add_application\(m\): VERSION means nothing to BUILDER mix
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(m SOURCE_DIR "${mix}" BUILDER mix VERSION 1.0.0)
