{application, alpha,
 [{description, "first"}, {vsn, "1.2.0"}, {modules, [alpha, alpha_b]},
  {registered, []}, {applications, [kernel, stdlib, beta]}, {env, [{key, value}]}]}.
