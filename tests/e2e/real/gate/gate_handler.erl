-module(gate_handler).
-export([init/2]).

init(Request, State) ->
	Text = answer(cowboy_req:binding(what, Request)),
	{ok, cowboy_req:reply(200, #{<<"content-type">> => <<"text/plain">>}, Text, Request), State}.

answer(<<"version">>) ->
	<<?VERSION>>;
answer(<<"count">>) ->
	prometheus_counter:inc(gate_requests),
	integer_to_binary(prometheus_counter:value(gate_requests));
answer(<<"metrics">>) ->
	prometheus_text_format:format();
answer(<<"secret">>) ->
	credentials_obfuscation:decrypt(persistent_term:get(gate_secret));
answer(<<"token">>) ->
	Key = jose_jwk:from_oct(<<"a key of thirty-two bytes, no more">>),
	{_, Token} = jose_jws:compact(jose_jwt:sign(Key, #{<<"alg">> => <<"HS256">>}, #{<<"who">> => <<"gate">>})),
	{true, {jose_jwt, #{<<"who">> := Who}}, _} = jose_jwt:verify_strict(Key, [<<"HS256">>], Token),
	Who;
answer(<<"slow">>) -> % begun before an upgrade, answered after it is permanent
	wait(release_handler:which_releases(permanent), 600),
	<<"at last">>.

wait(Permanent, Tries) when Tries > 0 ->
	timer:sleep(500),
	case release_handler:which_releases(permanent) of
		Permanent -> wait(Permanent, Tries - 1);
		_ -> timer:sleep(500)
	end.
