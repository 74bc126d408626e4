# expect: beam_add_application\(lib\): NIFS names 'nif', which is a INTERFACE_LIBRARY
add_library(nif INTERFACE)
beam_add_application(lib SOURCE_DIR apps/fix_lib NIFS nif)
