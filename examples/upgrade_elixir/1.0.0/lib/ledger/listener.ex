defmodule Ledger.Listener do
  @moduledoc """
  Owns the socket that listens.
  """
  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  def socket, do: GenServer.call(__MODULE__, :socket)

  @doc "The port that it is, also when any was wanted (0)."
  def port do
    {:ok, port} = :inet.port(socket())
    port
  end

  @impl true
  def init(_) do
    port = Application.fetch_env!(:ledger, :port)

    options = [
      :binary,
      packet: :line,
      active: false,
      reuseaddr: true,
      nodelay: true,
      ip: {127, 0, 0, 1}
    ]

    case :gen_tcp.listen(port, options) do
      {:ok, socket} -> {:ok, socket}
      {:error, reason} -> {:stop, {:cannot_listen, port, :inet.format_error(reason)}}
    end
  end

  @impl true
  def handle_call(:socket, _from, socket), do: {:reply, socket, socket}
end
