{application, shop,
 [{description, "an application"},
  {vsn, "1.1"},
  {modules, [shop_app, shop_sup, shop_stock, shop_price]},
  {registered, []},
  {applications, [kernel, stdlib]}]}.
