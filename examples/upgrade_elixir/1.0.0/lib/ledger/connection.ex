defmodule Ledger.Connection do
  @moduledoc """
  One connection.
  """
  use GenServer, restart: :temporary
  @vsn 1

  @enforce_keys [:socket]
  defstruct [:socket]

  @doc "Hands a socket of the caller's to a new process."
  def start(socket) do
    {:ok, pid} = DynamicSupervisor.start_child(Ledger.Connections, {__MODULE__, socket})

    case :gen_tcp.controlling_process(socket, pid) do
      :ok -> GenServer.cast(pid, :serve)
      {:error, _} -> DynamicSupervisor.terminate_child(Ledger.Connections, pid)
    end
  end

  def start_link(socket), do: GenServer.start_link(__MODULE__, socket)

  @impl true
  def init(socket), do: {:ok, %__MODULE__{socket: socket}}

  @impl true
  def handle_cast(:serve, connection), do: continue(connection)

  @impl true
  def handle_info({:tcp, socket, line}, connection) do
    :gen_tcp.send(socket, [Ledger.Line.answer(line), ?\n])
    continue(connection)
  end

  def handle_info({:tcp_closed, _}, connection), do: {:stop, :normal, connection}
  def handle_info({:tcp_error, _, _}, connection), do: {:stop, :normal, connection}

  defp continue(connection) do
    case :inet.setopts(connection.socket, active: :once) do
      :ok -> {:noreply, connection}
      {:error, _} -> {:stop, :normal, connection}
    end
  end
end
