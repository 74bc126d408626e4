defprotocol Parcel.Price do
  @moduledoc """
  What can be sent. In a release the protocol is consolidated: dispatch costs nothing.
  """

  @doc "The price in cents by a tariff."
  def cents(parcel, tariff)

  @doc "The parcel in a word, equal for equal parcels."
  def describe(parcel)
end

defmodule Parcel.Letter do
  @moduledoc "A letter has one price."
  defstruct []

  defimpl Parcel.Price do
    def cents(_letter, tariff), do: tariff.letter
    def describe(_letter), do: "letter"
  end
end

defmodule Parcel.Box do
  @moduledoc "A box is paid by weight, above a base price."
  @enforce_keys [:kilograms]
  defstruct [:kilograms]

  defimpl Parcel.Price do
    def cents(box, tariff), do: tariff.box + box.kilograms * tariff.kilogram
    def describe(box), do: "box:#{box.kilograms}"
  end
end

defmodule Parcel.Pallet do
  @moduledoc "A pallet costs the same up to 200 kg."
  @enforce_keys [:kilograms]
  defstruct [:kilograms]

  defimpl Parcel.Price do
    def cents(pallet, tariff) do
      tariff.pallet + max(pallet.kilograms - 200, 0) * tariff.kilogram
    end

    def describe(pallet), do: "pallet:#{pallet.kilograms}"
  end
end

defimpl Parcel.Price, for: List do
  def cents(parcels, tariff),
    do: parcels |> Enum.map(&Parcel.Price.cents(&1, tariff)) |> Enum.sum()

  def describe(parcels), do: Enum.map_join(parcels, ",", &Parcel.Price.describe/1)
end
