# expect: beam_add_application\(lib\): there is a target of this name already, from .*/source
beam_add_application(lib SOURCE_DIR apps/fix_lib)
beam_add_application(lib SOURCE_DIR apps/fix_lib)
