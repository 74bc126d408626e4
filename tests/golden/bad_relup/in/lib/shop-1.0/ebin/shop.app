{application, shop,
 [{description, "an application"},
  {vsn, "1.0"},
  {modules, [shop_app, shop_sup, shop_stock, shop_old]},
  {registered, []},
  {applications, [kernel, stdlib]}]}.
