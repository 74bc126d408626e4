%% In C: c_src/distance_nif.c, built by CMake into priv/distance_nif.so.
-module(distance_nif).

-export([levenshtein/2]).
-on_load(load/0).

-spec levenshtein(binary(), binary()) -> non_neg_integer().
levenshtein(_A, _B) ->
    erlang:nif_error(not_loaded).

load() ->
    erlang:load_nif(filename:join(code:priv_dir(distance), "distance_nif"), 0).
