{application, beta,
 [{description, "second"}, {vsn, "2.0"}, {modules, [beta]},
  {registered, []}, {applications, [kernel, stdlib]}]}.
