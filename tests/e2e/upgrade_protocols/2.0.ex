# The protocol has a second function, and there is a second shape.
defprotocol Shape do
  def area(shape)
  def sides(shape)
end

defmodule Circle do
  defstruct r: 1
end

defimpl Shape, for: Circle do
  def area(circle), do: 3 * circle.r * circle.r
  def sides(_circle), do: 0
end

defmodule Square do
  defstruct a: 1
end

defimpl Shape, for: Square do
  def area(square), do: square.a * square.a
  def sides(_square), do: 4
end

# A new protocol.
defprotocol Named do
  def name(shape)
end

defimpl Named, for: Square do
  def name(_square), do: :square
end

defmodule Shapes do
  # :error: the protocol knows no such shape
  def area(shape) do
    Shape.area(shape)
  rescue
    Protocol.UndefinedError -> :error
  end
end
