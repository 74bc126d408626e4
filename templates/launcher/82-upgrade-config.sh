
# --- Upgrades: the configuration of the new version ------------------------------------------

# Sets `config_file`, in the folder of the node: what the configuration of version `vsn` comes to is in FILE.terms, and in
# FILE.settings where a start of it would read that. Its own launcher and its own code find that out, in a VM of its own, with
# the environment of the node and, over that, of this command. False, and told, when it cannot be had.
evaluate_config() {
	look_at_process $$
	_config_file=$_node_dir/upgrade.$$.$_begun
	_file=$_config_file.env
	in_node "$_upgrade_environment" || return 1
	_evaluator=$RELEASE_ROOT/releases/$_vsn/launcher
	[ -x "$_evaluator" ] || _evaluator=$_launcher
	(
		chosen_file RELEASE_SYS_CONFIG "$_version_dir/sys" "$_node_sys_config"
		chosen_file RELEASE_VM_ARGS "$_version_dir/vm.args" "$_node_vm_args"
		chosen_file RELEASE_REMOTE_VM_ARGS "$_version_dir/remote.vm.args" "$_node_remote_vm_args"
		# shellcheck disable=SC2030
		RELEASE_VSN=$_vsn
		unset RELEASE_COMMAND RELEASE_VERSION_DIR RELEASE_LAUNCHER RELEASE_STARTED_VSN
		# shellcheck source=/dev/null
		. "$_file"
		trap - EXIT TERM INT HUP
		exec "$_evaluator" --configuration "$_config_file" </dev/null
	) || return 1
	read_settings
}

# chosen_file VARIABLE DEFAULT OF_NODE: what the user has chosen, for this command or for the node, holds for all versions.
chosen_file() {
	eval "_value=\$$1"
	[ "$_value" = "$2" ] || return 0
	case $3 in
	'' | "$RELEASE_ROOT/releases/"*"/${2##*/}" | "$_node_dir"/*) unset "$1" ;;
	*) export "$1=$3" ;;
	esac
}

# Sets `sys`, where a start would read the configuration, `sys_made` if that is to be written first, and `settings`: Erlang for the variables
# of a start of version `vsn`.
read_settings() {
	_sys='' _sys_made='' _settings=''
	while IFS= read -r _line; do
		_name=${_line%%=*} _value=${_line#*=}
		case $_name in
		made) _sys_made=yes _value=$_node_dir/runtime _name=RELEASE_SYS_CONFIG ;;
		esac
		[ "$_name" != RELEASE_SYS_CONFIG ] || _sys=$_value
		erlang_string "$_value"
		_settings="$_settings{\"$_name\", $_string}, "
	done <"$_config_file.settings"
	for _pair in "RELEASE_VSN=$_vsn" "RELEASE_STARTED_VSN=$_vsn" "RELEASE_VERSION_DIR=$RELEASE_ROOT/releases/$_vsn"; do
		erlang_string "${_pair#*=}"
		_settings="$_settings{\"${_pair%%=*}\", $_string}, "
	done
	_settings=${_settings%, }
}

# Run in a VM with the code of the release and none of its configuration: reads sys.config with all that it names, lets config
# providers add theirs, and writes what comes out.
_tell_code='
	[io:setopts(D, [{encoding, unicode}]) || D <- [standard_io, standard_error]],
	[File, Out] = init:get_plain_arguments(),
	Fail = fun(Format, Values) ->
		io:format(standard_error, "${release_name}: " ++ Format ++ "~n", Values),
		halt(1, [{flush, true}])
	end,
	Read = fun Read(Name) ->
		Terms = case file:consult(Name) of
			{ok, [Ts]} when is_list(Ts) -> Ts;
			{ok, _} -> Fail("~ts: is not one list and a full stop; nothing has changed", [Name]);
			{error, E} when is_tuple(E) -> Fail("~ts:~ts; nothing has changed", [Name, file:format_error(E)]);
			{error, E} -> Fail("cannot read ~ts: ~ts; nothing has changed", [Name, file:format_error(E)])
		end,
		lists:append([case T of
			{A, KVs} when is_atom(A), is_list(KVs) ->
				[Fail("~ts: ~tp of ~ts is no setting {KEY, VALUE}; nothing has changed", [Name, KV, A]) || KV <- KVs,
					not (is_tuple(KV) andalso tuple_size(KV) =:= 2 andalso is_atom(element(1, KV)))],
				[T];
			_ when is_list(T) -> Read(filename:absname(case filename:extension(T) of
				".config" -> T; _ -> T ++ ".config" end, filename:dirname(Name)));
			_ -> Fail("~ts: ~tp is neither {APPLICATION, SETTINGS} nor the name of a file; nothing has changed", [Name, T])
		end || T <- Terms])
	end,
	Merge = fun(Given) ->
		lists:foldl(fun({A, KVs}, Acc) ->
			Had = proplists:get_value(A, Acc, []),
			lists:keystore(A, 1, Acc, {A, lists:foldl(fun({K, _} = KV, Ks) -> lists:keystore(K, 1, Ks, KV) end, Had, KVs)})
		end, [], Given)
	end,
	Base = Merge(Read(File)),
	application:set_env(Base, [{persistent, true}]),
	Elixir = proplists:get_value(elixir, Base, []),
	Config = case proplists:get_value(config_provider_init, Elixir) of
		#{providers := Providers, extra_config := Extra} = Provider ->
			{ok, _} = application:ensure_all_started(elixir),
			try
				C0 = lists:foldl(fun({M, State}, C) -> M:load(C, State) end,
					apply(list_to_atom("Elixir.Config"), list_to_atom("__merge__"), [Base, Extra]), Providers),
				application:set_env(C0, [{persistent, true}]),
				case Provider of
					#{validate_compile_env := [_ | _] = Compiled} ->
						apply(list_to_atom("Elixir.Config.Provider"), validate_compile_env, [Compiled]);
					_ -> ok
				end,
				Booted = case Provider of
					#{reboot_system_after_config := true, prune_runtime_sys_config_after_boot := true} -> {booted, Out};
					_ -> {booted, nil}
				end,
				case Provider of
					#{reboot_system_after_config := true} ->
						Merge(C0 ++ [{elixir, [{config_provider_booted, Booted}]}]);
					_ -> C0
				end
			catch Class:Reason:Stack ->
				Blamed = apply(list_to_atom("Elixir.Exception"), format, [Class, Reason, Stack]),
				Fail("the configuration of this version raises; nothing has changed~n~ts", [Blamed])
			end;
		_ -> Base
	end,
	Written = Out ++ ".terms",
	ok = file:write_file(Written, ""),
	ok = file:change_mode(Written, 8#600),
	ok = file:write_file(Written, unicode:characters_to_binary(io_lib:format("%% coding: utf-8~n~tp.~n", [Config]))),
	case file:consult(Written) of
		{ok, [Config]} -> halt(0);
		_ -> Fail("the configuration of this version holds what cannot be written to a file, such as a pid or a fun; nothing has changed", [])
	end.'

# tell_configuration FILE: for the launcher of another version, which wants to install this one.
tell_configuration() {
	_target=$1
	: >"$_target.settings"
	fill_in "$_target" sys vm
	_made=''
	case $RELEASE_SYS_CONFIG in
	"$_target") _made=yes ;;
	*) ! is_written_anew "$RELEASE_SYS_CONFIG.config" || _made=yes ;;
	esac
	if [ -n "$_made" ]; then
		say made= >>"$_target.settings"
	else
		say "RELEASE_SYS_CONFIG=$RELEASE_SYS_CONFIG" >>"$_target.settings"
	fi
	case $RELEASE_VM_ARGS in
	"$_target".*) _value=$_version_dir/vm.args ;;
	*) _value=$RELEASE_VM_ARGS ;;
	esac
	printf '%s\n' "RELEASE_VM_ARGS=$_value" "RELEASE_REMOTE_VM_ARGS=$RELEASE_REMOTE_VM_ARGS" >>"$_target.settings"
	one_line "$_tell_code"
	_cookie_home=''
	unset HEART_COMMAND
	ERL_CRASH_DUMP=/dev/null
	export ERL_CRASH_DUMP
	exec_vm +Bd -noinput -boot "$_version_dir/$RELEASE_BOOT_SCRIPT_CLEAN" -boot_var RELEASE_LIB "$RELEASE_ROOT/lib" \
		-args_file "$RELEASE_VM_ARGS" -eval "$_line" -extra "$RELEASE_SYS_CONFIG.config" "$_target"
}
