# expect: beam_add_release\(r\): PROJECT_RELEASE is given, and PROJECT is not
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_release(r APPLICATIONS sasl PROJECT_RELEASE r)
