defmodule Plus do
  def plus(a, b), do: a + b
end
