defmodule Ledger.Line do
  @moduledoc """
  What is answered to a line.

      ADD NAME AMOUNT      OK and the sum
      GET NAME             OK and the sum, or NONE
      COUNT NAME           OK and how often something was added, or NONE
      CURRENCY             OK and what the sums are in
      LAST NAME            OK and the last amounts that were added
      ME                   OK and how many requests came by this connection
      VERSION              OK and the version
  """

  @doc "`requests` is how many this connection has sent, with this one."
  def answer(line, requests) do
    case String.split(line) do
      ["ME"] -> ok(Ledger.Show.text(requests))
      words -> answer_words(words)
    end
  end

  defp answer_words(["ADD", name, amount]) do
    case Integer.parse(amount) do
      {integer, ""} -> "OK " <> Ledger.add(name, integer)
      _ -> "ERROR the amount is not a number"
    end
  end

  defp answer_words(["GET", name]), do: ok(Ledger.sum(name))
  defp answer_words(["COUNT", name]), do: ok(Ledger.count(name))
  defp answer_words(["LAST", name]), do: ok(Ledger.last(name))
  defp answer_words(["CURRENCY"]), do: ok(Ledger.currency())

  defp answer_words(["VERSION"]), do: "OK #{Application.spec(:ledger, :vsn)}"

  defp answer_words(_),
    do:
      "ERROR there are ADD NAME AMOUNT, GET NAME, COUNT NAME, LAST NAME, ME, CURRENCY and VERSION"

  defp ok(nil), do: "NONE"
  defp ok(text), do: "OK " <> text
end
