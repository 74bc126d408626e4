# expect: beam_add_release\(rel\): APPLICATIONS names 'shpo', which neither this project makes nor .*/lib has. Did you mean 'shop'.*release-unknown-application.cmake\)
beam_add_application(shop SOURCE_DIR apps/fix_lib)
beam_add_release(rel APPLICATIONS shpo)
