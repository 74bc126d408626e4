# expect: beam_add_release\(rel\): ERTS './rel' and OTP 'rel' both name an OTP root
beam_add_release(rel APPLICATIONS sasl ERTS ./rel OTP rel)
