{application, shop,
 [{description, "a shop"},
  {vsn, "1.4.0"},
  {modules, [shop]},
  {registered, []},
  {applications, [kernel, stdlib]}]}.
