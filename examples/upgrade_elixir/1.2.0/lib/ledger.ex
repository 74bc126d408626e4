defmodule Ledger do
  @moduledoc """
  Sums by name.
  """

  @doc "The sum after adding, as a text."
  def add(name, amount), do: name |> Ledger.Book.add(amount) |> Ledger.Show.text()

  @doc "The sum as a text, or nil."
  def sum(name) do
    if entry = Ledger.Book.find(name), do: Ledger.Show.text(entry)
  end

  @doc "How often something was added, or nil."
  def count(name) do
    if account = Ledger.Book.find(name), do: Ledger.Show.text(account.count)
  end

  @doc "The last amounts that were added, the newest first."
  def last(name), do: name |> Ledger.Journal.last() |> Ledger.Show.text()

  @doc "What the sums are in."
  def currency, do: Application.fetch_env!(:ledger, :currency)
end
