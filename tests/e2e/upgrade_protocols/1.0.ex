defprotocol Shape do
  def area(shape)
end

defmodule Circle do
  defstruct r: 1
end

defimpl Shape, for: Circle do
  def area(circle), do: 3 * circle.r * circle.r
end

defmodule Shapes do
  # :error: the protocol knows no such shape
  def area(shape) do
    Shape.area(shape)
  rescue
    Protocol.UndefinedError -> :error
  end
end
