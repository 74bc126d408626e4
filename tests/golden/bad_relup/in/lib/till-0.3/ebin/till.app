{application, till,
 [{description, "an application"},
  {vsn, "0.3"},
  {modules, [till, till_tape]},
  {registered, []},
  {applications, [kernel, stdlib]}]}.
