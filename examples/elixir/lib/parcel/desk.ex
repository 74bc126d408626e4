defmodule Parcel.Desk do
  @moduledoc """
  Counts the quotes that were given since the start.
  """
  use GenServer

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  def note(cents), do: GenServer.cast(__MODULE__, {:note, cents})

  @doc "How many quotes, and their sum in cents."
  def totals, do: GenServer.call(__MODULE__, :totals)

  @impl true
  def init(_), do: {:ok, {0, 0}}

  @impl true
  def handle_cast({:note, cents}, {count, sum}), do: {:noreply, {count + 1, sum + cents}}

  @impl true
  def handle_call(:totals, _from, state), do: {:reply, state, state}
end
