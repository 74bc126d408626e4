{application, sasl,
 [{description, "an application"},
  {vsn, "4.2"},
  {modules, []},
  {registered, []},
  {applications, [kernel, stdlib]}]}.
