defmodule Ledger.Line do
  @moduledoc """
  What is answered to a line.

      ADD NAME AMOUNT      OK and the sum
      GET NAME             OK and the sum, or NONE
      VERSION              OK and the version
  """

  def answer(line), do: line |> String.split() |> answer_words()

  defp answer_words(["ADD", name, amount]) do
    case Integer.parse(amount) do
      {integer, ""} -> "OK " <> Ledger.add(name, integer)
      _ -> "ERROR the amount is not a number"
    end
  end

  defp answer_words(["GET", name]) do
    case Ledger.sum(name) do
      nil -> "NONE"
      sum -> "OK " <> sum
    end
  end

  defp answer_words(["VERSION"]), do: "OK #{Application.spec(:ledger, :vsn)}"
  defp answer_words(_), do: "ERROR there are ADD NAME AMOUNT, GET NAME and VERSION"
end
