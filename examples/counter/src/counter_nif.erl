%% Addition in C: c_src/counter_nif.c, built by CMake into priv/counter_nif.so.
-module(counter_nif).

-export([add/2]).
-on_load(load/0).

%% 64-bit addition that notices when the sum does not fit.
-spec add(integer(), integer()) -> integer() | overflow.
add(_A, _B) ->
    erlang:nif_error(not_loaded).

load() ->
    erlang:load_nif(filename:join(code:priv_dir(counter), "counter_nif"), 0).
