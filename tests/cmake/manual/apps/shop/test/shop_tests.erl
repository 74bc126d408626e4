-module(shop_tests).
-include_lib("eunit/include/eunit.hrl").
price_test() -> ?assertEqual(84, shop:price(42)).
