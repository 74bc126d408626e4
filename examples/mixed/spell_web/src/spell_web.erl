%% The HTTP endpoint, a callback module of the server in OTP's inets.
%%
%%     GET /suggest/WORD    words that may have been meant, one a line
%%     GET /health          "ok"
-module(spell_web).

-include_lib("inets/include/httpd.hrl").

-export([start_link/0]).
-export([do/1]).

start_link() ->
    Dir = code:lib_dir(spell_web),
    inets:start(httpd,
                [{port, application:get_env(spell_web, port, 4003)},
                 {server_name, "spell"},
                 {server_root, Dir},
                 {document_root, Dir},
                 {modules, [?MODULE]}],
                stand_alone).

do(#mod{method = "GET", request_uri = Uri}) ->
    answer(respond(Uri));
do(_) ->
    answer({405, "use GET\n"}).

answer({Status, Text}) ->
    Bytes = unicode:characters_to_binary(Text),
    Head = [{code, Status},
            {content_type, "text/plain; charset=utf-8"},
            {content_length, integer_to_list(byte_size(Bytes))}],
    {proceed, [{response, {response, Head, [Bytes]}}]}.

respond("/health") ->
    {200, "ok\n"};
respond("/suggest/" ++ [_ | _] = Uri) ->
    Word = uri_string:percent_decode(list_to_binary(string:prefix(Uri, "/suggest/"))),
    case is_binary(Word) andalso unicode:characters_to_list(Word) of
        Text when is_list(Text) -> {200, [[Found, $\n] || Found <- 'Elixir.Spell':suggest(Word)]};
        _ -> {400, "this is no word\n"}
    end;
respond(_) ->
    {404, "there are /suggest/WORD and /health\n"}.
