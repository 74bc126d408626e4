# expect: the name in ELIXIR reboot_after_config=true is 'reboot_after_config', .*must be one of
beam_add_release(rel APPLICATIONS sasl ELIXIR reboot_after_config=true)
