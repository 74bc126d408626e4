
# --- Upgrades: what the node does ------------------------------------------------------------
#
# Erlang, evaluated in the running node. Each operation is a fun of no arguments that returns lines, "KEY VALUE"; what is
# wrong it throws as {faults, [Text]}. `Vsn` is the version in question, `Vm` the process of the node as the journal has it.
#
# release_handler writes its files in place and goes on where it is told to, so before each step that a crash could leave half
# done releases/upgrade.journal says what is going on, and files beside it (RELEASES.before and the like) what there was or shall be.

_upgrade_lib='
	Root = code:root_dir(),
	In = fun(Name) -> filename:join([Root, "releases", Name]) end,
	Fault = fun(Format, Values) -> throw({faults, [io_lib:format(Format, Values)]}) end,
	Releases = fun() -> release_handler:which_releases() end,
	Status = fun(V) ->
		case lists:keyfind(V, 2, Releases()) of {_, _, _, S} -> S; false -> none end
	end,
	Current = fun() -> hd([V || S <- [current, permanent], {_, V, _, S1} <- Releases(), S1 =:= S]) end,
	Libs = fun(V) -> element(3, lists:keyfind(V, 2, Releases())) end,
	Must = fun
		(ok, _) -> ok;
		({error, E}, File) -> Fault("cannot write ~ts: ~ts", [File, file:format_error(E)])
	end,
	Put = fun(File, Text) ->
		New = File ++ ".new",
		file:delete(New),
		try
			Opened = file:open(New, [write, raw, binary]),
			element(1, Opened) =:= ok orelse Must(Opened, New),
			D = element(2, Opened),
			try
				Must(file:write(D, unicode:characters_to_binary(Text)), New),
				Must(file:sync(D), New)
			after file:close(D) end,
			Must(file:rename(New, File), File)
		catch throw:Thrown ->
			file:delete(New),
			throw(Thrown)
		end
	end,
	Terms = fun(Ts) -> io_lib:format("%% coding: utf-8~n~tp.~n", [Ts]) end,
	Journal = fun(Lines) -> Put(In("upgrade.journal"), [[L, 10] || L <- [Vm | Lines]]) end,
	% The journal goes before RELEASES.before: with it and without that, what is whole would be undone.
	Done = fun() ->
		[file:delete(In(F)) || F <- ["RELEASES.next", "start_erl.data.next", "upgrade.journal", "RELEASES.before"]],
		ok
	end,
	OnDisk = fun() ->
		case file:consult(In("RELEASES")) of
			{ok, [L]} -> L;
			_ -> Fault("cannot read ~ts, so nothing can be upgraded", [In("RELEASES")])
		end
	end,
	Remove = fun Remove(File) ->
		case file:read_link_info(File) of
			{ok, Info} when element(3, Info) =:= directory ->
				{ok, Names} = file:list_dir_all(File),
				[Remove(filename:join(File, N)) || N <- Names],
				file:del_dir(File);
			{ok, _} -> file:delete(File);
			_ -> ok
		end
	end,
	Explain = fun
		({no_matching_relup, V, C}) ->
			io_lib:format("there is no way from ~ts to ~ts: no relup in releases/~ts or releases/~ts knows both; "
				"make the package with --from of ~ts", [C, V, V, C, C]);
		({bad_relup_file, F}) -> io_lib:format("~ts is no relup", [F]);
		({faults, Ts}) -> lists:join("; ", Ts);
		({no_such_file, F}) -> io_lib:format("there is no ~ts", [F]);
		({cannot_extract_file, F, R}) -> io_lib:format("cannot unpack ~ts: ~tp", [F, R]);
		({old_processes, M}) ->
			io_lib:format("processes still run old code of ~ts, which may not be ended (soft_purge); try again later", [M]);
		(R) -> io_lib:format("release_handler: ~tp", [R])
	end,
	Text = fun(S) -> unicode:characters_to_list(iolist_to_binary(S)) end,
	Down = list_to_atom("DOWN"),
	Work = fun(F) ->
		{_, Ref} = spawn_monitor(fun() ->
			group_leader(whereis(init), self()),
			try register(beamrel_upgrade, self()) catch
				_:_ -> exit({faults, ["another unpack or install is at work in the node; wait until it has ended"]})
			end,
			exit(try {done, F()} catch
				throw:{faults, Ts} -> {faults, Ts};
				C:R:S -> {faults, [io_lib:format("~ts ~0tp in ~0tp", [C, R, hd(S)])]}
			end)
		end),
		receive
			{Down, Ref, _, _, {done, Lines}} -> [io:format("~ts~n", [L]) || L <- Lines], ok;
			{Down, Ref, _, _, {faults, Ts}} -> [io:format("! ~ts~n", [T]) || T <- Ts], ok;
			{Down, Ref, _, _, R} -> io:format("! ~tp~n", [R])
		after Limit -> io:format("! the node is still at work after ~b s (RELEASE_UPGRADE_TIMEOUT)~n", [Limit div 1000])
		end
	end'

# Prints what there is: current, permanent, status (of Vsn), direction (up, down, none) and whether the emulator restarts.
_upgrade_facts='
	whereis(release_handler) =/= undefined orelse
		Fault("the release has no application sasl, which upgrades need; add sasl to its applications", []),
	Root =:= Given orelse Fault("the node runs from ~ts, not from ~ts", [Root, Given]),
	Elsewhere = [D || D <- [application:get_env(sasl, releases_dir, false), os:getenv("RELDIR")],
		D =/= false, filename:join([D]) =/= In("")],
	Elsewhere =:= [] orelse Fault("release_handler works in ~ts (releases_dir of sasl, or RELDIR), not in ~ts",
		[hd(Elsewhere), In("")]),
	OnDisk(),
	Relup = fun(V, N) ->
		case file:consult(In(V ++ "/relup")) of
			{ok, [{V, _, _} = T]} -> element(N, T);
			_ -> []
		end
	end,
	C = Current(),
	{Direction, Found} = case {lists:keyfind(C, 1, Relup(Vsn, 2)), lists:keyfind(Vsn, 1, Relup(C, 3))} of
		{false, false} -> {none, {[], [], []}};
		{false, Script} -> {down, Script};
		{Script, _} -> {up, Script}
	end,
	Restarts = [I || I <- element(3, Found), I =:= restart_new_emulator orelse I =:= restart_emulator],
	["current " ++ C, "status " ++ atom_to_list(Status(Vsn)), "direction " ++ atom_to_list(Direction)]
		++ [K ++ " " ++ Value || {K, Name} <- [{"sys_config", "RELEASE_SYS_CONFIG"}, {"vm_args", "RELEASE_VM_ARGS"},
			{"remote_vm_args", "RELEASE_REMOTE_VM_ARGS"}], Value <- [os:getenv(Name)], Value =/= false]
		++ ["permanent " ++ V || {_, V, _, permanent} <- Releases()]
		++ ["emulator " ++ atom_to_list(I) || I <- Restarts]'

# Was it upwards that the permanent version was left for `Vsn`?
_upgrade_direction='
	[Left] = [V || {_, V, _, permanent} <- Releases()],
	Ups = case file:consult(In(Vsn ++ "/relup")) of {ok, [{Vsn, Up, _}]} -> Up; _ -> [] end,
	["direction " ++ case lists:keymember(Left, 1, Ups) of true -> "up"; false -> "down" end]'

# Writes what the node has in its environment to `File`, as lines for a shell that set what is not set there; but for what belongs
# to the process of the node alone.
_upgrade_environment='
	Encoding = file:native_name_encoding(),
	Own = ["HEART_COMMAND", "RELEASE_DAEMON_COMMAND", "ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS", "RELEASE_SYS_CONFIG",
		"RELEASE_VM_ARGS", "RELEASE_REMOTE_VM_ARGS", "RELEASE_STARTED_VSN", "PWD", "OLDPWD", "SHLVL", "_", "IFS"],
	IsName = fun(K) -> re:run(K, "^[A-Za-z_][A-Za-z0-9_]*$", [{capture, none}, dollar_endonly]) =:= match end,
	Line = fun(K, Value) ->
		Words = lists:join([39, 92, 39, 39], string:split(Value, [39], all)),
		unicode:characters_to_binary(["[ -n \"", 36, "{", K, "+x}\" ] || export ", K, "=", 39, Words, 39, 10], unicode, Encoding)
	end,
	Pairs = [list_to_tuple(string:split(P, "=")) || P <- os:getenv(), lists:member($=, P)],
	Lines = [Line(K, Value) || {K, Value} <- Pairs, IsName(K), not lists:member(K, Own), not lists:prefix("HOOK_", K)],
	file:delete(File),
	Must(file:write_file(File, ""), File),
	Must(file:change_mode(File, 8#600), File),
	Must(file:write_file(File, [L || L <- Lines, is_binary(L)]), File),
	[]'

# Verifies the package `File` whole, then has it unpacked. `Free` is the room in KB, -1 when that is not known.
_upgrade_unpack='
	{ok, D} = case file:open(File, [read, raw, binary]) of
		{ok, D0} -> {ok, D0};
		{error, E0} -> Fault("cannot read ~ts: ~ts", [File, file:format_error(E0)])
	end,
	Z = zlib:open(),
	ok = zlib:inflateInit(Z, 31, reset),
	Inflate = fun Inflate({continue, _}) -> Inflate(zlib:safeInflate(Z, [])); Inflate({finished, _}) -> ok end,
	Through = fun Through() ->
		case file:read(D, 262144) of
			{ok, B} -> Inflate(zlib:safeInflate(Z, B)), Through();
			eof -> zlib:inflateEnd(Z)
		end
	end,
	try Through() catch _:_ -> Fault("~ts is damaged: it is no whole gzip file, or its checksum is wrong", [File])
	after file:close(D), catch zlib:close(Z) end,
	Table = case erl_tar:table(File, [compressed, verbose]) of
		{ok, T0} -> T0;
		{error, E1} -> Fault("~ts is damaged: ~ts", [File, erl_tar:format_error(E1)])
	end,
	Plain = fun("./" ++ N) -> N; (N) -> N end,
	Entries = [{Plain(N), N, Type, Size} || {N, Type, Size, _, _, _, _} <- Table],
	Bad = [N || {_, N, _, _} <- Entries, filename:pathtype(N) =/= relative
		orelse lists:member("..", filename:split(N)) orelse lists:any(fun(C) -> C < 32 end, N)],
	Links = sets:from_list([N || {N, _, symlink, _} <- Entries]),
	Above = fun Above(N) ->
		case filename:dirname(N) of "." -> false; N1 -> sets:is_element(N1, Links) orelse Above(N1) end
	end,
	Through0 = [N || {N, _, _, _} <- Entries, not lists:member(N, Bad), Above(N)],
	Odd = [N || {N, _, Type, _} <- Entries, not lists:member(Type, [regular, directory, symlink])],
	Found = [{V, N} || {P, N, regular, _} <- Entries, ["releases", V, "${release_name}.rel"] <- [filename:split(P)]],
	Quoted = fun(T) -> io_lib:format("~tp", [T]) end,
	First = [["has a member named ", Quoted(N), ", which leads out of the release"] || N <- Bad]
		++ [["has a member ", Quoted(N), " below a link"] || N <- Through0]
		++ [["has a member ", Quoted(N), " that is no file, folder or link"] || N <- Odd]
		++ case Found of
			[{_, _}] -> [];
			[] -> ["has no releases/VERSION/${release_name}.rel: it is no package of ${release_name}"];
			_ -> ["has several versions of ${release_name}"]
		end,
	First =:= [] orelse throw({faults, [io_lib:format("~ts ~ts", [File, F]) || F <- lists:sublist(First, 10)]}),
	[{V, RelName}] = Found,
	Wanted =:= "" orelse V =:= Wanted orelse Fault("~ts holds version ~ts, not ~ts", [File, V, Wanted]),
	{ok, [{_, RelBytes}]} = erl_tar:extract(File, [compressed, memory, {files, [RelName]}]),
	Rel = try
		{ok, Tokens, _} = erl_scan:string(Text(RelBytes)),
		{ok, T1} = erl_parse:parse_term(Tokens),
		T1
	catch _:_ -> none end,
	{Erts, Apps} = case Rel of
		{release, {"${release_name}", V}, {erts, Erts0}, Apps0} -> {Erts0, Apps0};
		_ -> Fault("~ts does not name ${release_name} ~ts in ~ts", [File, V, RelName])
	end,
	Status(V) =:= none orelse Fault("~ts is unpacked already; install it, or remove it before", [V]),
	At = fun(N) -> filename:join(Root, N) end,
	Names = sets:from_list([P || {P, _, _, _} <- Entries]),
	Has = fun(N) -> sets:is_element(N, Names) orelse filelib:is_file(At(N)) end,
	App = fun(A) -> lists:concat(["lib/", element(1, A), "-", element(2, A), "/ebin/", element(1, A), ".app"]) end,
	Needed = ["releases/" ++ V ++ "/start.boot", "erts-" ++ Erts ++ "/bin/erlexec" | [App(A) || A <- Apps]],
	Own = fun(N) -> case filename:split(N) of
		["lib" | _] -> true;
		["releases", V1 | _] -> V1 =:= V;
		["erts-" ++ _ | _] -> true;
		_ -> false
	end end,
	Size = fun(N) -> case file:read_file_info(At(N)) of {ok, I} when element(3, I) =:= regular -> element(2, I); _ -> none end end,
	Second = [["lacks ", N] || N <- Needed, not Has(N)]
		++ [["has another ", N, " than the one that is there; remove that, or build the package again"]
			|| {N, _, regular, S} <- Entries, Own(N), filelib:is_file(At(N)), Size(N) =/= S],
	Second =:= [] orelse throw({faults, [io_lib:format("~ts ~ts", [File, F]) || F <- lists:sublist(Second, 10)]}),
	Room = lists:sum([(S + 4095) div 4096 * 4 || {N, _, regular, S} <- Entries, not filelib:is_file(At(N))]),
	Free < 0 orelse Room =< Free orelse
		Fault("~ts needs ~b MB in ~ts, where ~b are free", [File, Room div 1024 + 1, Root, Free div 1024]),
	Top = fun Top(N) ->
		case filename:dirname(N) of
			"." -> N;
			Up -> case file:read_link_info(At(Up)) of {ok, _} -> N; _ -> Top(Up) end
		end
	end,
	New = lists:usort([Top(N) || {N, _, _, _} <- Entries, N =/= ".", N =/= "", element(1, file:read_link_info(At(N))) =:= error]),
	{ok, Listed} = file:read_file(In("RELEASES")),
	try
		Must(file:write_file(In("RELEASES.before"), Listed), In("RELEASES.before")),
		Journal([["unpack ", V] | [["path ", N] || N <- New]])
	catch throw:Early ->
		file:delete(In("RELEASES.before")),
		throw(Early)
	end,
	Name = "upgrade.package",
	Clear = fun() -> [file:delete(In(Name ++ E)) || E <- [".tar.gz", ".rel"]] end,
	Clear(),
	Result = try
		Must(file:make_symlink(File, In(Name ++ ".tar.gz")), In(Name ++ ".tar.gz")),
		Must(file:write_file(In(Name ++ ".rel"), RelBytes), In(Name ++ ".rel")),
		release_handler:unpack_release(Name)
	catch throw:{faults, Late} -> {error, {faults, Late}} end,
	Clear(),
	file:delete(In(V ++ "/" ++ Name ++ ".rel")),
	case Result of
		{ok, V} ->
			os:cmd("sync"),
			Done(),
			["unpacked " ++ V];
		{error, E2} ->
			[Remove(At(N)) || N <- New],
			Must(file:rename(In("RELEASES.before"), In("RELEASES")), In("RELEASES")),
			Done(),
			Fault("nothing was unpacked: ~ts", [Explain(E2)])
	end'

# swap(Version, Config): release_handler reads releases/VSN/sys.config as it is, so that holds for the time of the install what
# the configuration comes to; the fun that it returns puts the file back.
_upgrade_swap='
	Swap = fun(V, Config) ->
		[Sys, Kept, New] = [In(V ++ "/sys.config" ++ E) || E <- ["", ".original", ".upgrade"]],
		case file:consult(Sys) of
			{ok, [Config]} -> fun() -> ok end;
			_ ->
				There = filelib:is_file(Sys),
				Journal([[case There of true -> "config "; false -> "made " end, V]]),
				file:delete(New),
				Must(file:write_file(New, ""), New),
				Must(file:change_mode(New, 8#600), New),
				Must(file:write_file(New, unicode:characters_to_binary(Terms(Config))), New),
				There andalso Must(file:rename(Sys, Kept), Kept),
				Must(file:rename(New, Sys), Sys),
				fun() ->
					case There of true -> Must(file:rename(Kept, Sys), Sys); false -> file:delete(Sys) end,
					Done()
				end
		end
	end,
	% What has removed the configuration that it would boot with can only begin anew.
	Restart = case application:get_env(elixir, config_provider_booted) of
		{ok, {booted, Pruned}} when Pruned =/= nil -> reboot;
		_ -> restart
	end,
	Install = fun(V, Config) ->
		Undo = Swap(V, Config),
		case Emulator of
			"" -> try release_handler:install_release(V, [{error_action, Restart}]) after Undo() end;
			_ -> NewEmulator(V, Undo, Restart)
		end
	end'

# Is all there, and do all supervisors answer that release_handler will ask?
_upgrade_check='
	Status(Vsn) =/= none orelse Fault("~ts is not unpacked", [Vsn]),
	% A process that is gone when the node has restarted.
	whereis(beamrel_upgrade_begun) =/= undefined orelse
		register(beamrel_upgrade_begun, spawn(fun() -> group_leader(whereis(init), self()), timer:sleep(infinity) end)),
	case release_handler:check_install_release(Vsn) of
		{ok, _, _} -> ok;
		{error, E} -> Fault("~ts", [Explain(E)])
	end,
	{_, Asked} = spawn_monitor(fun() ->
		group_leader(whereis(init), self()),
		exit(try length(release_handler_1:get_supervised_procs()) of _ -> ok catch _:R -> {no, R} end)
	end),
	receive
		{Down, Asked, _, _, {no, R}} ->
			Fault("a supervisor does not answer, or is suspended (~tp); release_handler would restart the node", [R]);
		{Down, Asked, _, _, _} -> ok
	after 30000 -> Fault("a supervisor does not answer; release_handler would wait for it", [])
	end,
	[]'

# Keeps what the applications are configured with and which of them run, for the way back; then installs.
_upgrade_install='
	Config = case file:consult(File) of
		{ok, [Told]} -> Told;
		{error, Unread} ->
			Fault("the node cannot read ~ts: ~ts; be the user who has started it", [File, file:format_error(Unread)])
	end,
	Env = [{A, lists:sort(application:get_all_env(A))} || {A, _, _} <- application:loaded_applications()],
	Running = [A || {A, _, _} <- application:which_applications()],
	file:delete(Memory),
	Must(file:write_file(Memory, ""), Memory),
	Must(file:change_mode(Memory, 8#600), Memory),
	Must(file:write_file(Memory, term_to_binary({Env, Running})), Memory),
	case Install(Vsn, Config) of
		{ok, _, _} -> ["installed " ++ Vsn];
		{error, E} ->
			file:write_file(FaultFile, unicode:characters_to_binary(Explain(E))),
			Fault("~ts", [Explain(E)]);
		{continue_after_restart, _, _} -> ["restarts " ++ Vsn]
	end'

# Has the node restarted since the install began, and in which version is it up? After an error it restarts at once or never.
_upgrade_is_up='
	Begun = whereis(beamrel_upgrade_begun),
	Begun =:= undefined orelse timer:sleep(300),
	case {init:get_status(), is_list(catch application:which_applications(5000))} of
		{{started, _}, true} ->
			Begun =:= undefined orelse exit(Begun, kill),
			All = release_handler:which_releases(),
			V = hd([V || S <- [current, permanent], {_, V, _, S1} <- All, S1 =:= S]),
			io:format("~ts ~ts", [case Begun of undefined -> restarted; _ -> same end, V]);
		_ -> io:format("not")
	end, ok'

# Do all applications of the new version run, in their versions? Not those that somebody had stopped before.
_upgrade_applications='
	% Where the command was killed that file may be gone: then all have to run.
	{Env, Ran} = case file:read_file(Memory) of {ok, Bytes} -> binary_to_term(Bytes); _ -> {[], []} end,
	{ok, [{release, _, _, Apps}]} = file:consult(In(Vsn ++ "/${release_name}.rel")),
	Loaded = application:loaded_applications(),
	Running = application:which_applications(),
	Included = lists:append([element(2, application:get_key(A, included_applications)) || {A, _, _} <- Loaded]),
	Of = fun(A) -> case [T || T <- tuple_to_list(A), is_atom(T), T =/= element(1, A)] of [T | _] -> T; [] -> permanent end end,
	Faults = lists:append([case {lists:keyfind(N, 1, Loaded), lists:keyfind(N, 1, Running)} of
			{_, {_, _, V}} -> [];
			{_, {_, _, V1}} -> [io_lib:format("~ts runs in version ~ts, not in ~ts", [N, V1, V])];
			{false, _} when T =/= none -> [io_lib:format("~ts ~ts is not loaded", [N, V])];
			{{_, _, V1}, _} when V1 =/= V -> [io_lib:format("~ts is loaded in version ~ts, not in ~ts", [N, V1, V])];
			{_, false} when T =:= permanent ->
				case lists:member(N, Included) orelse
						(lists:keymember(N, 1, Env) andalso not lists:member(N, Ran)) of
					true -> [];
					false -> [io_lib:format("~ts ~ts does not run", [N, V])]
				end;
			_ -> []
		end || A <- Apps, {N, V, T} <- [{element(1, A), element(2, A), Of(A)}]]),
	Faults =:= [] orelse throw({faults, Faults}),
	[]'

# Back to the version before, with the configuration that there was.
_upgrade_back='
	{ok, Bytes} = file:read_file(Memory),
	{Env, _} = binary_to_term(Bytes),
	Config = [{A, [{K, Value} || {K, Value} <- KVs, Writable(Value)]} || {A, KVs} <- Env],
	case Install(Vsn, Config) of
		{ok, _, _} ->
			[application:set_env(A, K, Value) || {A, KVs} <- Env, {K, Value} <- KVs, not Writable(Value)],
			file:delete(Memory),
			["installed " ++ Vsn];
		{error, E} ->
			init:restart(),
			["restarted " ++ Explain(E)]
	end'

# For good: what starts next is this version. `Settings` are the variables as a start of it would set them, and SysFile where it would read
# its configuration.
_upgrade_permanent='
	Old = Current(),
	On = OnDisk(),
	{release, _, _, Erts, _, _} = lists:keyfind(Vsn, 3, On),
	Mark = fun(R) -> case {element(3, R), element(6, R)} of
		{Vsn, _} -> setelement(6, R, permanent);
		{_, permanent} -> setelement(6, R, old);
		_ -> R
	end end,
	Launcher = filename:join([Root, "bin", "${release_name}"]),
	Copy = fun(From, To) ->
		{ok, Bytes} = file:read_file(From),
		New = To ++ ".new",
		file:delete(New),
		Must(file:write_file(New, Bytes), New),
		Must(file:change_mode(New, 8#755), New),
		Must(file:rename(New, To), To)
	end,
	HasOwn = filelib:is_file(In(Vsn ++ "/launcher")),
	% Before the journal: what brings this to its end after a crash no longer knows the version before.
	(not HasOwn) orelse filelib:is_file(In(Before ++ "/launcher")) orelse Copy(Launcher, In(Before ++ "/launcher")),
	[Put(In(F), T) || {F, T} <- [{"RELEASES.next", Terms(lists:map(Mark, On))}, {"start_erl.data.next", [Erts, " ", Vsn]}]],
	Journal([["permanent ", Vsn]]),
	case release_handler:make_permanent(Vsn) of
		ok -> ok;
		{error, E} -> Done(), Fault("~ts", [Explain(E)])
	end,
	(not HasOwn) orelse Copy(In(Vsn ++ "/launcher"), Launcher),
	[os:putenv(K, Value) || {K, Value} <- Settings],
	SysFile =:= "" orelse init:make_permanent(In(Vsn ++ "/start"), SysFile),
	file:delete(Memory),
	Done(),
	["permanent " ++ Vsn, "before " ++ Old]'

_upgrade_remove='
	case Status(Vsn) of
		none -> Fault("there is no version ~ts; the command versions lists what there is", [Vsn]);
		permanent -> Fault("~ts is the permanent version, which starts next; install another one before", [Vsn]);
		current -> Fault("~ts is the version that runs; install another one before", [Vsn]);
		_ -> ok
	end,
	On = OnDisk(),
	{value, {release, _, _, Erts, Own, _}, Others} = lists:keytake(Vsn, 3, On),
	Used = [{A, V} || {release, _, _, _, Ls, _} <- Others, {A, V, _} <- Ls],
	Gone = ["releases/" ++ Vsn] ++ [lists:concat(["lib/", A, "-", V]) || {A, V, _} <- Own, not lists:member({A, V}, Used)]
		++ ["erts-" ++ Erts || not lists:keymember(Erts, 4, Others)],
	Put(In("RELEASES.next"), Terms(Others)),
	Journal([["remove ", Vsn] | [["path ", G] || G <- Gone]]),
	[filelib:ensure_dir(filename:join([Root, G, "x"])) || G <- Gone],
	case release_handler:remove_release(Vsn) of
		ok -> Done(), ["removed " ++ Vsn];
		{error, E} -> Fault("~ts", [Explain(E)])
	end'
