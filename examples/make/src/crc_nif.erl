%% The checksum in C: c_src/, built into priv/crc_nif.so.
-module(crc_nif).

-export([crc32c/1]).
-on_load(load/0).

-spec crc32c(iodata()) -> 0..16#ffffffff.
crc32c(_Data) ->
    erlang:nif_error(not_loaded).

load() ->
    erlang:load_nif(filename:join(code:priv_dir(crc), "crc_nif"), 0).
