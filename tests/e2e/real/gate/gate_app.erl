%% A small service upon applications that others wrote: what is upgraded is theirs.
-module(gate_app).
-behaviour(application).
-export([start/2, stop/1]).

start(_Type, _Arguments) ->
	ok = credentials_obfuscation:set_secret(crypto:strong_rand_bytes(32)),
	persistent_term:put(gate_secret, credentials_obfuscation:encrypt(<<"open sesame">>)),
	true = prometheus_counter:declare([{name, gate_requests}, {help, "Requests that were counted"}]),
	Dispatch = cowboy_router:compile([{'_', [{"/:what", gate_handler, []}]}]),
	{ok, _} = cowboy:start_clear(gate, [{ip, {127, 0, 0, 1}}, {port, 0}],
		#{env => #{dispatch => Dispatch}, max_keepalive => 1000000}),
	gate_sup:start_link().

stop(_State) ->
	ok = cowboy:stop_listener(gate),
	prometheus_counter:deregister(gate_requests).
