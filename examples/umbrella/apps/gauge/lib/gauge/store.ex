defmodule Gauge.Store do
  @moduledoc false
  use GenServer

  def start_link(keep), do: GenServer.start_link(__MODULE__, keep, name: __MODULE__)

  def put(reading), do: GenServer.call(__MODULE__, {:put, reading})

  @doc "The latest first."
  def values(place), do: GenServer.call(__MODULE__, {:values, place})

  def places, do: GenServer.call(__MODULE__, :places)

  @impl true
  def init(keep), do: {:ok, {keep, %{}}}

  @impl true
  def handle_call({:put, reading}, _from, {keep, places}) do
    update = &Enum.take([reading.value | &1], keep)
    {:reply, :ok, {keep, Map.update(places, reading.place, [reading.value], update)}}
  end

  def handle_call({:values, place}, _from, {_, places} = state) do
    {:reply, Map.get(places, place, []), state}
  end

  def handle_call(:places, _from, {_, places} = state) do
    {:reply, places |> Map.keys() |> Enum.sort(), state}
  end
end
