-module(alpha_spare).
-export([spare/0]).

spare() -> ok.
