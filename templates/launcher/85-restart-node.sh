
# --- Upgrades that restart the emulator: what the node does ----------------------------------
#
# release_handler asks heart for the restart: heart:set_cmd with a start program, which heart shall run when the VM has
# ended. Most releases run without heart, because a supervisor or run_erl watches them, and heart:set_cmd then fails. What is
# started again, and in which version, is known without a command: releases/new_start_erl.data, which the launcher reads
# (22-choose.sh). So for the time of an install a process stands in as `heart` that takes the command, completes what
# release_handler has written, and has the VM ended: with status 75 ("try again"), so that supervisors that
# restart only what fails do it, too. A heart that is there does it in its own way, which is HEART_COMMAND.
#
# The runtime that comes up runs the old applications before it upgrades itself (releases/__new_emulator__OLD). Their
# configuration is that of this moment, as the file of the release lacks what was made at start; and `version`, written
# last, says which version it will be.

# Handled(V, Swapped): release_handler installs V; Swapped is what puts sys.config back (Undo), with the journal's lines.
_upgrade_restart='
	Writable = fun(Value) ->
		try
			{ok, Tokens, _} = erl_scan:string(lists:flatten(io_lib:format("~tp.", [Value]))),
			{ok, Value} =:= erl_parse:parse_term(Tokens)
		catch _:_ -> false end
	end,
	Secret = fun(File1, Text1) ->
		New1 = File1 ++ ".new",
		file:delete(New1),
		ok = file:write_file(New1, ""),
		ok = file:change_mode(New1, 8#600),
		ok = file:write_file(New1, unicode:characters_to_binary(Text1)),
		ok = file:rename(New1, File1)
	end,
	% release_handler is busy later and does not answer.
	Interim = In("__new_emulator__" ++ Current()),
	Complete = fun(V) ->
		Sys1 = filename:join(Interim, "sys.config"),
		case filelib:is_dir(Interim) of
			false -> ok;
			true ->
				{ok, [Made]} = file:consult(Sys1),
				Base = [kernel, stdlib, sasl],
				Now = [{A, [{K, X} || {K, X} <- application:get_all_env(A), K =/= included_applications, Writable(X)]}
					|| {A, _, _} <- application:loaded_applications(), not lists:member(A, Base)],
				Secret(Sys1, Terms([T || {A, _} = T <- Made, lists:member(A, Base)] ++ Now)),
				Put(filename:join(Interim, "version"), [V, 10])
		end,
		os:cmd("sync"),
		ok
	end,
	Again = fun() ->
		case os:getenv("RELEASE_DAEMON_COMMAND", "") of
			"" -> ok;
			Command ->
				Shell = "trap \"\" HUP; if command -v setsid >/dev/null; then exec setsid " ++ Command
					++ "; else exec " ++ Command ++ "; fi",
				open_port({spawn_executable, "/bin/sh"}, [{args, ["-c", "(" ++ Shell ++ ") </dev/null >/dev/null 2>&1 &"]}, hide]),
				timer:sleep(200)
		end
	end,
	Ends = fun(Heart) ->
		Heart =/= undefined orelse begin Again(), init:stop(75) end
	end,
	Handled = fun(V, OnError) ->
		Worker = self(),
		Heart = whereis(heart),
		Heart =:= undefined orelse unregister(heart),
		StandDown = fun() ->
			catch unregister(heart),
			Heart =:= undefined orelse catch register(heart, Heart)
		end,
		Stand = spawn(fun() ->
			register(heart, self()),
			Worker ! {self(), ready},
			receive
				{From, set_cmd, _} ->
					case catch Complete(V) of
						ok ->
							StandDown(),
							Worker ! {self(), restarts},
							Seen = monitor(process, Worker),
							receive {Down, Seen, _, _, _} -> timer:sleep(500) after 5000 -> ok end,
							Ends(Heart),
							From ! {heart, ok};
						E -> From ! {heart, {error, E}}
					end;
				stop -> ok
			end
		end),
		receive {Stand, ready} -> ok end,
		Caller = spawn(fun() ->
			group_leader(whereis(init), self()),
			R = (catch release_handler:install_release(V, [{error_action, OnError}])),
			Stand ! stop,
			StandDown(),
			Worker ! {self(), done, R}
		end),
		receive
			{Stand, restarts} -> restarts;
			{Caller, done, R} -> R
		end
	end,
	NewEmulator = fun(V, Undo, OnError) ->
		Lines = case file:read_file(In("upgrade.journal")) of
			{ok, Bytes1} -> tl(string:split(string:trim(Text(Bytes1)), "\n", all));
			_ -> []
		end,
		{ok, Before1} = file:read_file(In("RELEASES")),
		Put(In("RELEASES.before"), Before1),
		Journal(Lines ++ [["restart ", V]]),
		case Handled(V, OnError) of
			restarts -> {continue_after_restart, V, []};
			R ->
				[file:delete(In(F)) || F <- ["new_start_erl.data", "new_start_erl.data.taken"]],
				Remove(Interim),
				Must(file:rename(In("RELEASES.before"), In("RELEASES")), In("RELEASES")),
				Undo(),
				Done(),
				R
		end
	end'

# The VM ends, to be started again.
_upgrade_leave='
	Runs = whereis(heart),
	spawn(fun() ->
		timer:sleep(500),
		case Runs of undefined -> Ends(Runs); _ -> init:reboot() end
	end),
	[]'
