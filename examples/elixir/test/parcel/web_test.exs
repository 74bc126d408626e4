defmodule Parcel.WebTest do
  use ExUnit.Case

  test "health, and what is not there" do
    assert get("/health") == {200, "ok\n"}
    assert {404, _} = get("/")
    assert {400, _} = get("/price?parcels=bag")
    assert {400, _} = get("/price?parcels=%")
    assert {405, _} = request("DELETE", "/health")
  end

  test "a quote, checked" do
    assert get("/price?parcels=letter,box:2") == {200, "630 EUR\n"}
    {count, sum} = Parcel.Desk.totals()
    assert {200, text} = get("/quote?parcels=letter")
    assert ["110", "EUR", signature] = String.split(text)
    assert Parcel.Desk.totals() == {count + 1, sum + 110}

    assert get("/check?parcels=letter&cents=110&signature=#{signature}") == {200, "genuine\n"}
    assert get("/check?parcels=letter&cents=109&signature=#{signature}") == {403, "forged\n"}
    assert get("/check?parcels=letter") == {403, "forged\n"}
  end

  test "half a request does no harm" do
    socket = connect()
    :ok = :gen_tcp.send(socket, "GET /health HTTP/1.1\r\nHost")
    :ok = :gen_tcp.close(socket)
    assert get("/health") == {200, "ok\n"}
  end

  defp get(target), do: request("GET", target)

  defp request(method, target) do
    socket = connect()
    :ok = :gen_tcp.send(socket, [method, " ", target, " HTTP/1.1\r\nhost: here\r\n\r\n"])
    "HTTP/1.1 " <> <<status::binary-size(3)>> <> rest = read_all(socket, "")
    [_head, body] = String.split(rest, "\r\n\r\n", parts: 2)
    {String.to_integer(status), body}
  end

  defp connect do
    {:ok, socket} = :gen_tcp.connect({127, 0, 0, 1}, Parcel.Web.port(), [:binary, active: false])
    socket
  end

  defp read_all(socket, text) do
    case :gen_tcp.recv(socket, 0, 5_000) do
      {:ok, more} -> read_all(socket, text <> more)
      {:error, :closed} -> text
    end
  end
end
