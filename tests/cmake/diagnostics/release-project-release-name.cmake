# expect: beam_add_release\(r\): PROJECT_RELEASE is 'No-Name', which cannot be the name of a release
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(m SOURCE_DIR "${mix}" BUILDER mix)
beam_add_release(r PROJECT m PROJECT_RELEASE No-Name)
