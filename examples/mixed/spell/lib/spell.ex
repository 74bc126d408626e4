defmodule Spell do
  @moduledoc """
  Words that may have been meant.
  """

  @doc """
  The words of the dictionary that are nearest, at most `count` of them.
  """
  def suggest(text, count \\ 3) do
    wanted = text |> String.downcase() |> String.slice(0, 64)

    Spell.Dictionary.words()
    |> Enum.sort_by(&{:distance.between(&1, wanted), &1})
    |> Enum.take(count)
  end
end
