# expect: beam_add_application\(lib\): unknown keyword 'APPLICATION', after DEPENDS. Did you mean 'APPLICATIONS'
beam_add_application(lib SOURCE_DIR apps/fix_lib DEPENDS a APPLICATION crypto)
