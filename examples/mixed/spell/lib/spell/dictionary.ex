defmodule Spell.Dictionary do
  @moduledoc """
  The words: those of `priv/words.txt`, or of the file that the configuration names.
  """
  use Agent
  require Logger

  def start_link(_options), do: Agent.start_link(&load/0, name: __MODULE__)

  def words, do: Agent.get(__MODULE__, & &1)

  defp load do
    file = Application.get_env(:spell, :words) || Application.app_dir(:spell, "priv/words.txt")
    words = file |> File.read!() |> String.split()
    Logger.info("#{length(words)} words in #{file}")
    words
  end
end
