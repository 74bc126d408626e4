{application, stdlib,
 [{description, "stands for stdlib"},
  {vsn, "4.3.1"},
  {modules, []},
  {registered, []},
  {applications, [kernel]},
  {env, []}]}.
