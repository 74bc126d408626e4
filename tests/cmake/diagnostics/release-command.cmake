# expect: beam_add_release\(rel\): COMMANDS has 'rel/check.sh'; write NAME=FILE
beam_add_release(rel APPLICATIONS sasl COMMANDS rel/check.sh)
