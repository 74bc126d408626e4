# shellcheck shell=sh
# For rehearse.sh: what is asked of a running release.
#
# A fun in Erlang, which the launcher evaluates in the node whether that speaks Erlang or Elixir, and which prints a line for all that is
# not as it should be. Name and Vsn: the release, and the version that it ought to run. Old and New: the two versions of the rehearsal.
# Log: where the node is to write its errors. Kept: a file in which one look leaves what the next compares: the place of a process in
# the supervision tree belongs to the same process then, unless the relup itself stops it. Children without names come and go; they are
# left out.
# shellcheck disable=SC2034 # used there
look=$(
	cat <<'END'
fun(Name, Vsn, Old, New, Log, Kept) ->
	Root = code:root_dir(),
	Say = fun(Format, Arguments) -> io:format("~ts~n", [io_lib:format(Format, Arguments)]) end,
	Rel = fun(V) ->
		{ok, [{release, _, {erts, E}, As}]} = file:consult(filename:join([Root, "releases", V, Name ++ ".rel"])),
		{E, [{element(1, A), element(2, A), case A of
			{_, _, T} when is_atom(T) -> T;
			{_, _, T, _} -> T;
			_ -> permanent
		end} || A <- As]}
	end,

	%% Versions: of the runtime, of each application, of each module.
	{Erts, Apps} = Rel(Vsn),
	Erts =:= erlang:system_info(version) orelse Say("the runtime is ~ts, not ~ts", [erlang:system_info(version), Erts]),
	Running = application:which_applications(60000),
	Loaded = application:loaded_applications(),
	[case {lists:keyfind(A, 1, Running), lists:keyfind(A, 1, Loaded)} of
		{{_, _, V}, _} -> ok;
		{{_, _, Has}, _} -> Say("the application ~ts runs in version ~ts, not in ~ts", [A, Has, V]);
		{false, _} when Type =:= permanent -> Say("the application ~ts does not run", [A]);
		{false, {_, _, Has}} when Has =/= V -> Say("the application ~ts is loaded in version ~ts, not in ~ts", [A, Has, V]);
		_ -> ok
	end || {A, V, Type} <- Apps],
	Others = case Vsn of
		New -> element(2, Rel(Old));
		Old -> case filelib:is_dir(filename:join([Root, "releases", New])) of true -> element(2, Rel(New)); false -> [] end
	end,
	[Say("the application ~ts still runs, and ~ts does not have it", [A, Vsn]) ||
		{A, _, _} <- Running, lists:keymember(A, 1, Others), not lists:keymember(A, 1, Apps)],
	case [V || {_, V, _, permanent} <- release_handler:which_releases()] of
		[Vsn] -> ok;
		Permanent -> Say("release_handler has ~tp as its permanent version, not ~ts", [Permanent, Vsn])
	end,
	[case code:module_status(M) of
		modified -> Say("the module ~ts runs, but not in its code of version ~ts: the relup does not load that", [M, Vsn]);
		removed -> Say("the module ~ts is still loaded, and version ~ts does not have it", [M, Vsn]);
		_ -> ok
	end || {M, File} <- lists:sort(code:all_loaded()), is_list(File)],
	Unloaded = [{A, M} || code:get_mode() =:= embedded, {A, _, _} <- Apps, {ok, Ms} <- [application:get_key(A, modules)], M <- Ms,
		not erlang:module_loaded(M)],

	%% Processes.
	Is_supervisor = fun(P) ->
		case process_info(P, dictionary) of
			{_, D} -> case lists:keyfind('$initial_call', 1, D) of {_, {supervisor, _, _}} -> true; _ -> false end;
			_ -> false
		end
	end,
	Below = fun Below(Path, P) ->
		case Is_supervisor(P) of
			true -> lists:append([[{Path ++ [Id], pid_to_list(C), Modules} | Below(Path ++ [Id], C)] ||
				{Id, C, _, Modules} <- supervisor:which_children(P), is_pid(C), Id =/= undefined]);
			false -> []
		end
	end,
	Tops = [{A, P} || {A, _, _} <- Running, M <- [application_controller:get_master(A)], is_pid(M),
		{P, _} <- [application_master:get_child(M)], is_pid(P)],
	Now = lists:append([[{[A], pid_to_list(P), []} | Below([A], P)] || {A, P} <- Tops]),
	Script = case file:consult(filename:join([Root, "releases", New, "relup"])) of
		{ok, [{_, Up, Down}]} ->
			case lists:keyfind(Old, 1, case Vsn of New -> Up; _ -> Down end) of
				{_, _, Instructions} -> lists:flatten(Instructions);
				false -> []
			end;
		_ -> []
	end,
	Restarts = [I || I <- Script, I =:= restart_new_emulator orelse I =:= restart_emulator],
	Stopped = [A || {apply, {application, stop, [A | _]}} <- Script],
	Replaced = [Id || {apply, {supervisor, F, [_, Id | _]}} <- Script, F =:= terminate_child orelse F =:= restart_child],
	Of_modules = lists:append([Ms || {stop, Ms} <- Script]),
	Meant = fun([A | Ids], Modules) ->
		lists:member(A, Stopped) orelse lists:any(fun(Id) -> lists:member(Id, Replaced) end, Ids)
			orelse is_list(Modules) andalso lists:any(fun(M) -> lists:member(M, Of_modules) end, Modules)
	end,
	case file:read_file(Kept) of
		{ok, Bytes} when Restarts =:= [] ->
			{Process, Before, Never} = binary_to_term(Bytes),
			[Say("the module ~ts of ~ts is not loaded: a call of it fails in embedded mode", [M, A]) || {A, M} <- Unloaded -- Never],
			Process =:= os:getpid() orelse Say("the node has died and was started again", []),
			[Say("the process ~ts of ~ts is another one than before (~ts, now ~ts): it has died, and its state with it",
					[lists:join(" / ", [io_lib:format("~tp", [Id]) || Id <- Ids]), A, Was, Is]) ||
				Process =:= os:getpid(), {[A | Ids] = Path, Is, Modules} <- Now,
				{P, Was, _} <- Before, P =:= Path, Was =/= Is, not Meant(Path, Modules)];
		_ -> ok
	end,
	ok = file:write_file(Kept, term_to_binary({os:getpid(), Now, Unloaded})),
	ok = file:write_file(Kept ++ ".node", [atom_to_list(node()), "\n"]),

	%% The errors of what follows.
	logger:add_handler(beamrelease_rehearsal, logger_std_h, #{level => error, config => #{type => file, file => Log},
		formatter => {logger_formatter, #{single_line => true, legacy_header => false, template => [msg, "\n"], chars_limit => 1000}}}),
	logger_std_h:filesync(beamrelease_rehearsal),
	ok
end
END
)
