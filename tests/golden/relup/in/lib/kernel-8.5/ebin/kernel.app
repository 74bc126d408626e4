{application, kernel,
 [{description, "an application"},
  {vsn, "8.5"},
  {modules, []},
  {registered, []},
  {applications, []}]}.
