# expect: beam_add_release\(rel\): ELIXIR has 'reboot_system_after_config'; write NAME=VALUE, as in
beam_add_release(rel APPLICATIONS sasl ELIXIR reboot_system_after_config)
