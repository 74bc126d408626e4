-module(store_erl).
-export([hello/0]).
-include_lib("shelf/include/shelf.hrl").

hello() -> ?HELLO.
