-module(crc).

-export([hex/1]).

%% The checksum as eight digits.
-spec hex(iodata()) -> string().
hex(Data) ->
    lists:flatten(io_lib:format("~8.16.0b", [crc_nif:crc32c(Data)])).
