# expect: beam_add_release\(rel\): the runtime of this machine would not run on .* Set Erlang_TARGET_ROOT
set(CMAKE_CROSSCOMPILING TRUE)
beam_add_release(rel APPLICATIONS sasl)
