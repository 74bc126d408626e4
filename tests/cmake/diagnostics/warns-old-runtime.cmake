# expect: beam_add_release\(rel\): this machine's Erlang is OTP [0-9]+, and compiles for OTP 19 in .*/old, which may be unable to load
# expect: the end
set(old "${CMAKE_CURRENT_BINARY_DIR}/old")
file(MAKE_DIRECTORY "${old}/lib/sasl-1" "${old}/erts-8.0")
file(WRITE "${old}/releases/19/OTP_VERSION" "19.3.1\n")
beam_add_release(rel APPLICATIONS sasl OTP "${old}")
message(FATAL_ERROR "the end")
