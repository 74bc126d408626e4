-module(shop).
-export([ping/0, price/1]).
-on_load(load/0).
load() -> erlang:load_nif(filename:join(code:priv_dir(shop), "shop_nif"), 0).
ping() -> pong.
price(_) -> erlang:nif_error(not_loaded).
