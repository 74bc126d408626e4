{application, sasl,
 [{description, "stands for sasl"},
  {vsn, "4.2"},
  {modules, []},
  {registered, []},
  {applications, [kernel, stdlib]},
  {env, []},
  {mod, {sasl, []}}]}.
