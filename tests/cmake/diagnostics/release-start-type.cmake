# expect: beam_add_release\(rel\): the start type in APPLICATIONS sasl:lod is 'lod', and must be one of: permanent, .*Did you mean 'load'
beam_add_release(rel APPLICATIONS sasl:lod)
