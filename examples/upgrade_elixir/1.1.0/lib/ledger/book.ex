defmodule Ledger.Book do
  @moduledoc """
  The accounts by name, in memory.
  """
  use GenServer
  alias Ledger.Account
  @vsn 2

  def start_link(_), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  def add(name, amount), do: GenServer.call(__MODULE__, {:add, name, amount})
  def find(name), do: GenServer.call(__MODULE__, {:find, name})

  @impl true
  def init(_), do: {:ok, %{}}

  @impl true
  def handle_call({:add, name, amount}, _from, book) do
    account = book |> Map.get(name, %Account{}) |> Account.add(amount)
    {:reply, account, Map.put(book, name, account)}
  end

  def handle_call({:find, name}, _from, book), do: {:reply, book[name], book}

  # What version 1 had kept counts as added at once. On the way back, the counts are forgotten.
  @impl true
  def code_change(1, book, _extra) do
    {:ok, Map.new(book, fn {name, sum} -> {name, %Account{sum: sum, count: 1}} end)}
  end

  def code_change({:down, 1}, book, _extra) do
    {:ok, Map.new(book, fn {name, account} -> {name, account.sum} end)}
  end
end
