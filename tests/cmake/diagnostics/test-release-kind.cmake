# expect: beam_add_release_test\(t\): give one of EVAL, RPC and COMMAND, not 'EVAL and RPC'
beam_add_release(rel APPLICATIONS sasl)
beam_add_release_test(t RELEASE rel EVAL a RPC b)
