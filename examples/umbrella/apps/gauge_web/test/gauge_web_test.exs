defmodule GaugeWebTest do
  use ExUnit.Case

  # The endpoint again, at a port that is free.
  setup_all do
    {:ok, socket} = :gen_tcp.listen(0, ip: {127, 0, 0, 1})
    {:ok, port} = :inet.port(socket)
    :ok = :gen_tcp.close(socket)
    :ok = Application.stop(:gauge_web)
    :ok = Application.put_env(:gauge_web, :port, port)
    :ok = Application.start(:gauge_web)
  end

  test "places, sent and shown" do
    assert {404, _} = request("GET", "/kitchen")
    assert {200, "kitchen 20.5\n"} = request("POST", "/kitchen", "20.5")
    assert {200, "kitchen 21.5\n"} = request("POST", "/kitchen", "21.5\n")

    assert {200, "latest 21.5, lowest 20.5, mean 21.0, highest 21.5\n"} =
             request("GET", "/kitchen?x")

    assert {200, places} = request("GET", "/")
    assert "kitchen" in String.split(places)
  end

  test "refuses" do
    assert {400, _} = request("POST", "/kitchen", "warm")
    assert {405, _} = request("POST", "/", "1")
    Application.put_env(:gauge_web, :token, "t0k3n")
    assert {403, _} = request("POST", "/hall", "1")
    assert {403, _} = request("POST", "/hall", "1", "authorization: Bearer other\r\n")
    assert {200, _} = request("POST", "/hall", "1", "authorization: Bearer t0k3n\r\n")
  after
    Application.delete_env(:gauge_web, :token)
  end

  defp request(method, target, body \\ "", headers \\ "") do
    port = Application.fetch_env!(:gauge_web, :port)
    {:ok, socket} = :gen_tcp.connect({127, 0, 0, 1}, port, [:binary, active: false])

    :ok =
      :gen_tcp.send(socket, [
        "#{method} #{target} HTTP/1.1\r\nhost: here\r\nconnection: close\r\n",
        "content-length: #{byte_size(body)}\r\n#{headers}\r\n#{body}"
      ])

    "HTTP/1.1 " <> <<status::binary-size(3)>> <> rest = read_all(socket, "")
    [_head, body] = String.split(rest, "\r\n\r\n", parts: 2)
    {String.to_integer(status), body}
  end

  defp read_all(socket, text) do
    case :gen_tcp.recv(socket, 0, 5_000) do
      {:ok, more} -> read_all(socket, text <> more)
      {:error, :closed} -> text
    end
  end
end
