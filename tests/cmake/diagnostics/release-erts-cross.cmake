# expect: beam_add_release\(rel\): ERTS is 'host', but this build is for .* Set Erlang_TARGET_ROOT
set(CMAKE_CROSSCOMPILING TRUE)
beam_add_release(rel APPLICATIONS sasl ERTS host)
