{application, kernel,
 [{description, "stands for kernel"},
  {vsn, "8.5.4"},
  {modules, []},
  {registered, []},
  {applications, []},
  {env, []},
  {mod, {kernel, []}}]}.
