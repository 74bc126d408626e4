#!/usr/bin/env escript
%% usage: edit.escript FOLDER: what beamrel appup wrote there, with what only those know who have read the sources.
-mode(compile).
main([Folder]) ->
	%% jose keeps what it found out about its surroundings in a table; with jsx gone it must look again. Its start/2,
	%% which would do so, is not done again.
	edit(Folder, jose, fun
		(up, Script) -> Script ++ [{apply, {jose, json_module, [thoas]}}, {apply, {jose_server, config_change, []}}];
		(down, Script) -> [{apply, {jose, json_module, [jsx]}} | Script] ++ [{apply, {jose_server, config_change, []}}]
	end),
	%% A request that is under way has cowboy and its handler on its stack: it is to end in the code that it began in,
	%% not to be ended when the release is made permanent.
	[edit(Folder, App, fun(_, Script) -> lists:map(fun lingering/1, Script) end) || App <- [cowboy, gate]].

edit(Folder, App, Edit) ->
	File = filename:join(Folder, atom_to_list(App) ++ ".appup"),
	{ok, [{Version, [{Old, Up}], [{Old, Down}]}]} = file:consult(File),
	Edited = {Version, [{Old, Edit(up, Up)}], [{Old, Edit(down, Down)}]},
	true = Edited =/= {Version, [{Old, Up}], [{Old, Down}]},
	ok = file:write_file(File, io_lib:format("~p.~n", [Edited])).

lingering({load_module, Module}) -> lingering({load_module, Module, []});
lingering({load_module, Module, Deps}) -> {load_module, Module, brutal_purge, soft_purge, Deps};
lingering(Instruction) -> Instruction.
