{application, shop,
 [{description, "an application"},
  {vsn, "0.9"},
  {modules, [shop_app]},
  {registered, []},
  {applications, [kernel, stdlib]}]}.
