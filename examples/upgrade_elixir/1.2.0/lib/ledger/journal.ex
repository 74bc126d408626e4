defmodule Ledger.Journal do
  @moduledoc """
  The last things that were added, for who wants to know.
  """
  use GenServer

  @kept 1000

  def start_link(_), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  def note(name, amount), do: GenServer.cast(__MODULE__, {:note, name, amount})

  @doc "The last ten amounts that were added to one name, the newest first."
  def last(name), do: GenServer.call(__MODULE__, {:last, name})

  @impl true
  def init(_), do: {:ok, :queue.new()}

  @impl true
  def handle_call({:last, name}, _from, notes) do
    amounts = for {^name, amount} <- notes |> :queue.to_list() |> Enum.reverse(), do: amount
    {:reply, Enum.take(amounts, 10), notes}
  end

  @impl true
  def handle_cast({:note, name, amount}, notes) do
    notes = :queue.in({name, amount}, notes)
    {:noreply, if(:queue.len(notes) > @kept, do: :queue.drop(notes), else: notes)}
  end
end
