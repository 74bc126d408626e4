defprotocol Near.Show do
  def show(value)
end

defmodule Near do
  def value, do: 1
end
