%% Called by the others.
-module(live_numbers).
-export([intensity/1, version/0]).

%% Another one in each version, too.
intensity(?VSN) -> ?VSN.
-if(?VSN =:= 1).
version() -> live_gone:version().
-else.
version() -> live_fresh:version().
-endif.
