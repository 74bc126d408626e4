# expect: beam_add_release\(rel\): KEEP_CHUNKS says what stripping spares
beam_add_release(rel APPLICATIONS sasl NO_STRIP KEEP_CHUNKS Docs)
