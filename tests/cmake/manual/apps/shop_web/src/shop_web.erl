-module(shop_web).
-include_lib("shop/include/shop.hrl").
-export([item/1]).
item(Name) -> #item{name = Name, price = shop:price(1)}.
