# expect: beam_add_release\(rel\): APPLICATIONS is missing
beam_add_release(rel)
