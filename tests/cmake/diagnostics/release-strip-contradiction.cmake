# expect: beam_add_release\(rel\): STRIP and NO_STRIP contradict each other
beam_add_release(rel APPLICATIONS sasl STRIP NO_STRIP)
