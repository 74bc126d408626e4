{application, stdlib,
 [{description, "an application"},
  {vsn, "4.1"},
  {modules, []},
  {registered, []},
  {applications, [kernel]}]}.
