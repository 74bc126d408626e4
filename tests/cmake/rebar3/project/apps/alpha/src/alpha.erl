-module(alpha).
-export([value/0, profile/0]).
-include("alpha.hrl").
-include_lib("outside/include/outside.hrl").

value() -> {?ALPHA, ?OUTSIDE, alpha_parser:parse([{word, 1, x}])}.

-ifdef(IN_PROD).
profile() -> prod.
-else.
profile() -> default.
-endif.
