# expect: beam_add_release\(rel\): the level in CHECKS native=warning is 'warning', and must be one of: error, warn, off. 
beam_add_release(rel APPLICATIONS sasl CHECKS native=warning)
