{application, pen, [{description, "Two versions"}, {vsn, "1"}, {modules, [pen_app,pen_sup,pen_ink,pen_nib,pen_old]}, {registered, []},
  {applications, [kernel, stdlib]}, {mod, {pen_app, []}}]}.
