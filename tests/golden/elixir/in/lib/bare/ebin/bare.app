{application, bare,
 [{vsn, "2"}, {description, "bare"}, {modules, []}, {registered, []}, {applications, [kernel]},
  {compile_env, [{bare, [a], error}]}]}.
