defmodule GaugeTest do
  use ExUnit.Case, async: true

  test "what is known of a place" do
    assert Gauge.summary("attic") == nil
    for value <- [12, 14.5, 13], do: :ok = Gauge.record("attic", value)
    summary = Gauge.summary("attic")
    assert {13, 12, 14.5} = {summary.latest, summary.lowest, summary.highest}

    assert Gauge.Show.line(summary) ==
             "latest 13.0, lowest 12.0, mean 13.2, highest 14.5"

    assert "attic" in Gauge.places()
  end

  test "only the latest are kept" do
    for value <- 1..150, do: :ok = Gauge.record("cellar", value)
    assert Gauge.summary("cellar").lowest == 51
  end

  test "a reading in a line" do
    assert Gauge.Show.line(%Gauge.Reading{place: "roof", value: -3}) == "roof -3.0"
  end
end
