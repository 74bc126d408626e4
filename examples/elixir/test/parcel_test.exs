defmodule ParcelTest do
  use ExUnit.Case, async: true
  doctest Parcel

  alias Parcel.{Box, Letter, Pallet}

  test "each kind has its price" do
    assert Parcel.price(%Letter{}) == 110
    assert Parcel.price(%Box{kilograms: 3}) == 450 + 3 * 35
    assert Parcel.price(%Pallet{kilograms: 200}) == 6900
    assert Parcel.price(%Pallet{kilograms: 210}) == 6900 + 10 * 35
    assert Parcel.price([%Letter{}, %Letter{}, %Box{kilograms: 1}]) == 705
    assert_raise Protocol.UndefinedError, fn -> Parcel.price("an elephant") end
  end

  test "a quote is genuine for these parcels and this price only" do
    {cents, signature} = Parcel.quote_for([%Letter{}])
    assert Parcel.genuine?([%Letter{}], cents, signature)
    refute Parcel.genuine?([%Letter{}], cents - 1, signature)
    refute Parcel.genuine?([%Letter{}, %Letter{}], cents, signature)
    refute Parcel.genuine?([%Letter{}], cents, "")
    refute Parcel.genuine?([%Letter{}], cents, String.replace(signature, ~r/^./, "x"))
  end

  test "what is no parcel" do
    for text <- ["", ",", "bag", "box", "box:", "box:0", "box:1001", "box:1.5", "box:1:2"] do
      assert {:error, _} = Parcel.parse(text)
    end
  end
end
