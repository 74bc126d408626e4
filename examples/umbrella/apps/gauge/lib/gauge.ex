defmodule Gauge do
  @moduledoc """
  Readings of places: the latest of each are kept in memory.
  """
  alias Gauge.{Reading, Store}

  @doc "Takes a reading."
  def record(place, value) when is_binary(place) and is_number(value) do
    Store.put(%Reading{place: place, value: value})
  end

  @doc "What is known of a place: a `Gauge.Summary`, or nil."
  def summary(place) do
    case Store.values(place) do
      [] -> nil
      [latest | _] = values -> summarise(place, latest, values)
    end
  end

  def places, do: Store.places()

  # The arithmetic is in Erlang: src/gauge_stats.erl.
  defp summarise(place, latest, values) do
    {lowest, mean, highest} = :gauge_stats.summary(values)
    %Gauge.Summary{place: place, latest: latest, lowest: lowest, mean: mean, highest: highest}
  end
end
