defmodule Ledger.Acceptor do
  @moduledoc """
  Waits for connections. Who waits inside `:gen_tcp.accept/1` stands in the code of this module, and is ended when that
  code has become old and is purged. Therefore as little as possible is in it, so that it need not change.
  """
  use Task, restart: :permanent

  def start_link(_), do: Task.start_link(__MODULE__, :accept, [])

  @doc false
  def accept, do: accept(Ledger.Listener.socket())

  defp accept(listener) do
    {:ok, socket} = :gen_tcp.accept(listener)
    Ledger.Connection.start(socket)
    accept(listener)
  end
end
