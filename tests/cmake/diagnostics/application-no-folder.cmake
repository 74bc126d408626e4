# expect: beam_add_application\(lib\): SOURCE_DIR names 'apps/nowhere', and there is no folder .*/apps/nowhere
beam_add_application(lib SOURCE_DIR apps/nowhere)
