# expect: beam_add_release\(rel\): VM_ARGS names 'rel', which is a folder
beam_add_release(rel APPLICATIONS sasl VM_ARGS rel)
