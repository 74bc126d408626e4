{application, shop,
 [{vsn, "1.0.0"}, {description, "shop"}, {modules, ['Elixir.Shop.Provider']}, {registered, []},
  {applications, [kernel, stdlib, elixir, bare]},
  {compile_env, [{shop, [level], {ok, info}}, {shop, [pool, size], error}]}]}.
