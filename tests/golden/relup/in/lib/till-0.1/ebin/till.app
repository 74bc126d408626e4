{application, till,
 [{description, "an application"},
  {vsn, "0.1"},
  {modules, [till]},
  {registered, []},
  {applications, [kernel, stdlib]}]}.
