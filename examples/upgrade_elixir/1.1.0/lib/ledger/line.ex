defmodule Ledger.Line do
  @moduledoc """
  What is answered to a line.

      ADD NAME AMOUNT      OK and the sum
      GET NAME             OK and the sum, or NONE
      COUNT NAME           OK and how often something was added, or NONE
      CURRENCY             OK and what the sums are in
      VERSION              OK and the version
  """

  def answer(line), do: line |> String.split() |> answer_words()

  defp answer_words(["ADD", name, amount]) do
    case Integer.parse(amount) do
      {integer, ""} -> "OK " <> Ledger.add(name, integer)
      _ -> "ERROR the amount is not a number"
    end
  end

  defp answer_words(["GET", name]), do: ok(Ledger.sum(name))
  defp answer_words(["COUNT", name]), do: ok(Ledger.count(name))
  defp answer_words(["CURRENCY"]), do: ok(Ledger.currency())

  defp answer_words(["VERSION"]), do: "OK #{Application.spec(:ledger, :vsn)}"

  defp answer_words(_),
    do: "ERROR there are ADD NAME AMOUNT, GET NAME, COUNT NAME, CURRENCY and VERSION"

  defp ok(nil), do: "NONE"
  defp ok(text), do: "OK " <> text
end
