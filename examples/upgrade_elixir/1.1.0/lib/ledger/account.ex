defmodule Ledger.Account do
  @moduledoc """
  What is kept for a name.
  """
  defstruct sum: 0, count: 0

  def add(account, amount), do: %{account | sum: account.sum + amount, count: account.count + 1}

  defimpl Ledger.Show do
    def text(account), do: Ledger.Show.text(account.sum)
  end
end
