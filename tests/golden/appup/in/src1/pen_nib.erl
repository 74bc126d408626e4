-module(pen_nib).
-export([width/0]).

width() -> pen_old:width().
