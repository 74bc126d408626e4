# expect: beam_add_release\(r\): PROJECT names 'mm', which is not a target of beam_add_application\(\). Did you mean 'm'
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(m SOURCE_DIR "${mix}" BUILDER mix)
beam_add_release(r PROJECT mm)
