defmodule Box do
  def open, do: :ok
end
