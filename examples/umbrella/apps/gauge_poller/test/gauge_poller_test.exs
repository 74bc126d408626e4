defmodule GaugePollerTest do
  use ExUnit.Case
  import ExUnit.CaptureLog

  @moduletag :tmp_dir

  test "reads the sensor", %{tmp_dir: folder} do
    sensor = Path.join(folder, "sensor")
    Application.put_env(:gauge_poller, :sensor, sensor)
    before = GaugePoller.status()

    assert capture_log(fn -> GaugePoller.poll() end) =~ "enoent"
    File.write!(sensor, "north 1.5\nsouth 2\n")
    GaugePoller.poll()
    assert Gauge.summary("north").latest == 1.5
    assert Gauge.summary("south").latest == 2.0
    File.write!(sensor, "north warm\n")
    assert capture_log(fn -> GaugePoller.poll() end) =~ "north warm"

    assert Gauge.Show.line(GaugePoller.status()) ==
             "#{before.rounds + 3} rounds, #{before.faults + 2} faults"
  end
end
