%% EUnit: the modules without the running application.
-module(counter_tests).

-include_lib("eunit/include/eunit.hrl").

add_test_() ->
    Max = 1 bsl 63 - 1,
    [?_assertEqual(5, counter_nif:add(2, 3)),
     ?_assertEqual(-1, counter_nif:add(-3, 2)),
     ?_assertEqual(Max, counter_nif:add(Max, 0)),
     ?_assertEqual(overflow, counter_nif:add(Max, 1)),
     ?_assertEqual(overflow, counter_nif:add(-Max, -2)),
     ?_assertError(badarg, counter_nif:add(Max + 1, 0)),
     ?_assertError(badarg, counter_nif:add(one, 2))].

store_test_() ->
    {setup, fun make_state_dir/0, fun remove_state_dir/1,
     fun(Dir) ->
         [?_assertEqual(0, counter_store:load()),
          ?_assertEqual(ok, counter_store:migrate()),
          ?_assertEqual({ok, <<"0\n">>}, file:read_file(filename:join(Dir, "count"))),
          ?_assertEqual(ok, counter_store:save(-17)),
          ?_assertEqual(-17, counter_store:load()),
          ?_assertEqual(ok, counter_store:migrate()),
          ?_assertEqual(-17, counter_store:load())]
     end}.

cannot_write_test() ->
    true = os:putenv("RELEASE_STATE_DIR", "/nowhere/at/all"),
    ?assertEqual({error, enoent}, counter_store:save(3)),
    ?assertEqual(0, counter_store:load()).

without_state_dir_test() ->
    true = os:unsetenv("RELEASE_STATE_DIR"),
    ok = counter_store:save(3),
    ?assertEqual(0, counter_store:load()).

make_state_dir() ->
    Name = "counter_tests." ++ os:getpid(),
    Dir = filename:join(os:getenv("TMPDIR", "/tmp"), Name),
    ok = file:make_dir(Dir),
    true = os:putenv("RELEASE_STATE_DIR", Dir),
    Dir.

remove_state_dir(Dir) ->
    true = os:unsetenv("RELEASE_STATE_DIR"),
    ok = file:del_dir_r(Dir).
