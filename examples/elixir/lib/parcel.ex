defmodule Parcel do
  @moduledoc """
  What it costs to send parcels, and quotes for it that nobody can forge.
  """

  alias Parcel.{Box, Desk, Letter, Pallet, Price, Signature}

  @currency Application.compile_env!(:parcel, :currency)

  @doc "The currency that all prices are in, fixed when the project is compiled."
  def currency, do: @currency

  @doc """
  Reads a list of parcels.

      iex> Parcel.parse("letter,box:3")
      {:ok, [%Parcel.Letter{}, %Parcel.Box{kilograms: 3}]}

      iex> Parcel.parse("letter,bag")
      {:error, "\\"bag\\" is no parcel: there are letter, box:KILOGRAMS and pallet:KILOGRAMS"}
  """
  def parse(text) do
    parcels = text |> String.split(",", trim: true) |> Enum.map(&parse_one/1)

    case Enum.find(parcels, &match?({:error, _}, &1)) do
      nil when parcels == [] -> {:error, "there is no parcel"}
      nil -> {:ok, parcels}
      error -> error
    end
  end

  defp parse_one("letter"), do: %Letter{}

  defp parse_one(text) do
    with [kind, weight] <- String.split(text, ":"),
         {kilograms, ""} when kilograms in 1..1000 <- Integer.parse(weight),
         {:ok, module} <- Map.fetch(%{"box" => Box, "pallet" => Pallet}, kind) do
      struct!(module, kilograms: kilograms)
    else
      _ ->
        {:error,
         inspect(text) <> " is no parcel: there are letter, box:KILOGRAMS and pallet:KILOGRAMS"}
    end
  end

  @doc "The price in cents."
  def price(parcels), do: Price.cents(parcels, tariff())

  @doc "A price with a signature, for `genuine?/3`."
  def quote_for(parcels) do
    cents = price(parcels)
    :ok = Desk.note(cents)
    {cents, Signature.sign(Price.describe(parcels), cents)}
  end

  @doc "Whether it was us who promised this price for these parcels."
  def genuine?(parcels, cents, signature) do
    Signature.valid?(Price.describe(parcels), cents, signature)
  end

  defp tariff, do: Application.fetch_env!(:parcel, :tariff)
end
