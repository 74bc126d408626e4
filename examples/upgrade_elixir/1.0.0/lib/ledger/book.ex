defmodule Ledger.Book do
  @moduledoc """
  The sums by name, in memory.
  """
  use GenServer
  @vsn 1

  def start_link(_), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  def add(name, amount), do: GenServer.call(__MODULE__, {:add, name, amount})
  def find(name), do: GenServer.call(__MODULE__, {:find, name})

  @impl true
  def init(_), do: {:ok, %{}}

  @impl true
  def handle_call({:add, name, amount}, _from, book) do
    sum = Map.get(book, name, 0) + amount
    {:reply, sum, Map.put(book, name, sum)}
  end

  def handle_call({:find, name}, _from, book), do: {:reply, book[name], book}
end
