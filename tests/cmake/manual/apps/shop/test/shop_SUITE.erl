-module(shop_SUITE).
-export([all/0, ping/1]).
all() -> [ping].
ping(_) ->
    {ok, _} = application:ensure_all_started(shop),
    pong = shop:ping().
