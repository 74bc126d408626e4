# expect: beam_add_release\(rel\): SYS_CONFIG names 'rel/sys.confg', and there is no .*/rel/sys.confg. If the build makes it
beam_add_release(rel APPLICATIONS sasl SYS_CONFIG rel/sys.confg)
