# expect: beam_add_application\(app\): DEPENDS names 'fix_lob', which is not a target of beam_add_application\(\). Did you mean 'fix_lib'
beam_add_application(fix_lib SOURCE_DIR apps/fix_lib)
beam_add_application(app SOURCE_DIR apps/fix_app DEPENDS fix_lob)
