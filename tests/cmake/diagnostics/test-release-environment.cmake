# expect: beam_add_release_test\(t\): ENVIRONMENT has 'PORT'; write NAME=VALUE
beam_add_release(rel APPLICATIONS sasl)
beam_add_release_test(t RELEASE rel EVAL a ENVIRONMENT PORT)
