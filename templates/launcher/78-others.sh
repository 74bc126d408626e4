
# --- What is seldom asked --------------------------------------------------------------------

attach() {
	read_processes
	[ -n "$_main" ] || not_running
	case $_kind in
	daemon*) exec "$BINDIR/to_erl" "$RELEASE_TMP/pipe/" ;;
	esac
	fail 1 "$RELEASE_NODE has no terminal to attach to, as daemon or daemon_iex did not start it;" \
		"'remote' opens a shell in it"
}

# What was in the background goes there again; a node in the foreground is somebody else's.
reboot() {
	read_processes
	[ -n "$_main" ] || not_running
	[ "$_kind" != "${_kind#daemon}" ] ||
		fail 1 "$RELEASE_NODE runs in the foreground, so only who has started it can start it again;" \
			"use 'stop', or 'restart' to start the applications again"
	(stop) || fail 1 "not started again"
	RELEASE_COMMAND=$_kind
	_command=$_kind
	daemon "$@"
}

describe() {
	read_processes
	say "release       $RELEASE_NAME $RELEASE_VSN
folder        $RELEASE_ROOT
runtime       ERTS $_erts_vsn${_elixir_version:+, Elixir $_elixir_version}
node          $RELEASE_NODE
distribution  $RELEASE_DISTRIBUTION${_tls_file:+, TLS as in $_tls_file}
state         $RELEASE_STATE_DIR
temporary     $RELEASE_TMP
sys.config    $RELEASE_SYS_CONFIG.config
vm.args       $RELEASE_VM_ARGS
boot script   $RELEASE_BOOT_SCRIPT
mode          $RELEASE_MODE
process       ${_vm:-none}"
	for _event in pre_configure pre_start post_start pre_stop post_stop pre_upgrade post_upgrade; do
		for _file in "$_version_dir/hooks/$_event.d/"*; do
			[ ! -e "$_file" ] || say "hook          $_event ${_file##*/}"
		done
	done
	for _file in "$_version_dir/commands/"*; do
		! is_own_command "${_file##*/}" || say "command       ${_file##*/}"
	done
}

# Run in the node: reads its sys.config again (with what config providers add), sets what differs,
# and tells the applications as an upgrade would.
_reload_code='
	Read = fun Read(Name) ->
		Terms = case file:consult(Name) of
			{ok, [Ts]} -> Ts;
			{ok, _} -> error({Name, "is not one list"});
			{error, E0} -> error({Name, lists:flatten(file:format_error(E0))})
		end,
		lists:append([case T of
			{_, _} -> [T];
			_ -> Read(filename:absname(case filename:extension(T) of
				".config" -> T; _ -> T ++ ".config" end, filename:dirname(Name)))
		end || T <- Terms])
	end,
	Base = Read(File),
	Elixir = proplists:get_value(elixir, Base, []),
	{Terms, Extra} = case proplists:get_value(config_provider_init, Elixir) of
		#{providers := Providers, extra_config := E1} ->
			{lists:foldl(fun({M, State}, Config) -> M:load(Config, State) end, Base, Providers), E1};
		_ -> {Base, []}
	end,
	Loaded = [A || {A, _, _} <- application:loaded_applications()],
	Changes = [{A, K, V} || {A, KVs} <- Terms, lists:member(A, Loaded), {K, V} <- KVs,
		A =/= elixir orelse not lists:member(K, [config_provider_init, config_provider_booted]),
		not lists:keymember(K, 1, proplists:get_value(A, Extra, [])),
		application:get_env(A, K) =/= {ok, V}],
	Old = application_controller:prep_config_change(),
	[application:set_env(A, K, V) || {A, K, V} <- Changes],
	[io:format("~ts: ~tp~n", [A, K]) || {A, K, _} <- Changes],
	case application_controller:config_change(Old) of
		ok -> ok;
		{error, E} -> error({config_change, E})
	end'

# From a template it is filled in again, with the environment of this command.
reload_config() {
	need_node
	remove_leftovers
	look_at_process $$
	_status=0 _filled_file=$_node_dir/eval.$$.$_begun
	fill_in "$_filled_file" sys
	absolute "${RELEASE_SYS_CONFIG%.config}.config"
	erlang_string "$_path"
	rpc_erlang "File = $_string, $_reload_code" || _status=$?
	[ "$RELEASE_SYS_CONFIG" != "$_filled_file" ] || rm -f "$_filled_file.config"
	return "$_status"
}
