# expect: beam_add_release\(rel\): '.*/source/rel' is no OTP root: it must hold lib/ and erts-VERSION/
beam_add_release(rel APPLICATIONS sasl ERTS ./rel)
