{application, pen, [{description, "Two versions"}, {vsn, "2"}, {modules, [pen_app,pen_sup,pen_ink,pen_nib,pen_cap]}, {registered, []},
  {applications, [kernel, stdlib]}, {mod, {pen_app, []}}]}.
