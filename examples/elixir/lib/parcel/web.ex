defmodule Parcel.Web do
  @moduledoc """
  The HTTP endpoint, on OTP's own sockets.

      GET /health                                  "ok"
      GET /price?parcels=letter,box:3              the price
      GET /quote?parcels=letter,box:3              the price, signed
      GET /check?parcels=…&cents=…&signature=…     whether it was us
  """
  use GenServer
  require Logger

  @patience 5_000

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  @doc "The port that it listens on."
  def port, do: GenServer.call(__MODULE__, :port)

  @impl true
  def init(_) do
    address = Application.fetch_env!(:parcel, :address)
    wanted = Application.fetch_env!(:parcel, :port)

    options = [
      :binary,
      packet: :http_bin,
      packet_size: 8192,
      active: false,
      reuseaddr: true,
      backlog: 128,
      ip: address
    ]

    case :gen_tcp.listen(wanted, options) do
      {:ok, listener} ->
        {:ok, port} = :inet.port(listener)
        Logger.info("listening on port #{port}")
        spawn_link(fn -> accept(listener) end)
        {:ok, port}

      {:error, reason} ->
        {:stop, {:cannot_listen, wanted, :inet.format_error(reason) |> to_string()}}
    end
  end

  @impl true
  def handle_call(:port, _from, port), do: {:reply, port, port}

  defp accept(listener) do
    {:ok, socket} = :gen_tcp.accept(listener)

    {:ok, pid} =
      Task.Supervisor.start_child(Parcel.Connections, fn ->
        receive do
          :yours -> serve(socket)
        after
          @patience -> :gen_tcp.close(socket)
        end
      end)

    :gen_tcp.controlling_process(socket, pid)
    send(pid, :yours)
    accept(listener)
  end

  defp serve(socket) do
    with {:ok, {:http_request, method, {:abs_path, target}, _version}} <-
           :gen_tcp.recv(socket, 0, @patience),
         :ok <- skip_headers(socket) do
      {status, text} = answer(method, URI.parse(target))
      :gen_tcp.send(socket, response(status, text))
      Logger.info("#{method} #{target} #{status}")
    end

    :gen_tcp.close(socket)
  end

  defp skip_headers(socket) do
    case :gen_tcp.recv(socket, 0, @patience) do
      {:ok, :http_eoh} -> :ok
      {:ok, {:http_header, _, _, _, _}} -> skip_headers(socket)
      other -> other
    end
  end

  defp answer(:GET, %URI{path: "/health"}), do: {200, "ok"}

  defp answer(:GET, %URI{path: "/price"} = uri) do
    with_parcels(uri, fn parcels, _query ->
      {200, "#{Parcel.price(parcels)} #{Parcel.currency()}"}
    end)
  end

  defp answer(:GET, %URI{path: "/quote"} = uri) do
    with_parcels(uri, fn parcels, _query ->
      {cents, signature} = Parcel.quote_for(parcels)
      {200, "#{cents} #{Parcel.currency()} #{signature}"}
    end)
  end

  defp answer(:GET, %URI{path: "/check"} = uri) do
    with_parcels(uri, fn parcels, query ->
      with {cents, ""} <- Integer.parse(Map.get(query, "cents", "")),
           true <- Parcel.genuine?(parcels, cents, Map.get(query, "signature", "")) do
        {200, "genuine"}
      else
        _ -> {403, "forged"}
      end
    end)
  end

  defp answer(:GET, _uri), do: {404, "there are /health, /price, /quote and /check"}
  defp answer(_method, _uri), do: {405, "use GET"}

  defp with_parcels(uri, fun) do
    query = URI.decode_query(uri.query || "")

    case Parcel.parse(Map.get(query, "parcels", "")) do
      {:ok, parcels} -> fun.(parcels, query)
      {:error, text} -> {400, text}
    end
  rescue
    ArgumentError -> {400, "the query is not one"}
  end

  @reasons %{
    200 => "OK",
    400 => "Bad Request",
    403 => "Forbidden",
    404 => "Not Found",
    405 => "Method Not Allowed"
  }

  defp response(status, text) do
    [
      "HTTP/1.1 #{status} #{@reasons[status]}\r\n",
      "content-type: text/plain; charset=utf-8\r\n",
      "content-length: #{byte_size(text) + 1}\r\n",
      "connection: close\r\n\r\n",
      text,
      "\n"
    ]
  end
end
