# expect: the value in ELIXIR validate_compile_env=no is 'no', and must be one of: true, false
beam_add_release(rel APPLICATIONS sasl ELIXIR env=test validate_compile_env=no)
