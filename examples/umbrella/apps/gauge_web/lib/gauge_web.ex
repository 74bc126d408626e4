defmodule GaugeWeb do
  @moduledoc """
  The HTTP endpoint, a callback module of the server in OTP's inets.

      GET  /           the places
      GET  /PLACE      what is known of one
      POST /PLACE      a value as the body; the token as "authorization: Bearer TOKEN", where one is configured
  """
  require Record

  Record.defrecordp(:mod, Record.extract(:mod, from_lib: "inets/include/httpd.hrl"))

  def child_spec(_options) do
    %{id: __MODULE__, start: {__MODULE__, :start_link, []}, type: :supervisor}
  end

  def start_link do
    folder = :code.lib_dir(:gauge_web)

    :inets.start(
      :httpd,
      [
        port: Application.fetch_env!(:gauge_web, :port),
        bind_address: Application.fetch_env!(:gauge_web, :address),
        server_name: ~c"gauge",
        server_root: folder,
        document_root: folder,
        modules: [__MODULE__]
      ],
      :stand_alone
    )
  end

  @doc false
  def unquote(:do)(request) do
    method = mod(request, :method)
    [path | _] = :string.split(mod(request, :request_uri), ~c"?")
    {status, text} = answer(method, to_string(path), request)

    head = [
      code: status,
      content_type: ~c"text/plain",
      content_length: Integer.to_charlist(byte_size(text) + 1)
    ]

    {:proceed, [response: {:response, head, [text, ?\n]}]}
  end

  defp answer(~c"GET", "/", _request), do: {200, Enum.join(Gauge.places(), " ")}

  defp answer(~c"GET", "/" <> place, _request) do
    case Gauge.summary(place) do
      nil -> {404, "nothing is known of #{place}"}
      summary -> {200, Gauge.Show.line(summary)}
    end
  end

  defp answer(~c"POST", "/" <> place, request) when place != "" do
    with true <- allowed?(mod(request, :parsed_header)),
         {value, ""} <-
           request |> mod(:entity_body) |> to_string() |> String.trim() |> Float.parse() do
      :ok = Gauge.record(place, value)
      {200, Gauge.Show.line(%Gauge.Reading{place: place, value: value})}
    else
      false -> {403, "the token is missing or wrong"}
      _ -> {400, "the body is not a number"}
    end
  end

  defp answer(_method, _path, _request), do: {405, "use GET, or POST for a place"}

  defp allowed?(headers) do
    case Application.get_env(:gauge_web, :token) do
      nil -> true
      token -> :proplists.get_value(~c"authorization", headers, ~c"") == ~c"Bearer #{token}"
    end
  end
end
