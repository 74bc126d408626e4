{application, till,
 [{description, "an application"},
  {vsn, "0.2"},
  {modules, [till]},
  {registered, []},
  {applications, [kernel, stdlib]}]}.
