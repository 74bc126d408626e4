defprotocol Ledger.Show do
  @moduledoc """
  How things are shown to clients. In a release the protocol is consolidated.
  """

  @doc "The thing in a line."
  def text(thing)
end

defimpl Ledger.Show, for: Integer do
  def text(number), do: Integer.to_string(number)
end

defimpl Ledger.Show, for: List do
  def text(things), do: Enum.map_join(things, " ", &Ledger.Show.text/1)
end
