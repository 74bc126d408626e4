# expect: beam_add_application\(m\): there is no .*/apps/fix_lib/mix.exs. SOURCE_DIR is the folder of the mix project
set(mix "${CMAKE_CURRENT_LIST_DIR}/../mix_options")
beam_add_application(m SOURCE_DIR apps/fix_lib BUILDER mix)
