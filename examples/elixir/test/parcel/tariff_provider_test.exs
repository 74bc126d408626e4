defmodule Parcel.TariffProviderTest do
  use ExUnit.Case, async: true
  alias Parcel.TariffProvider

  @moduletag :tmp_dir

  test "the file wins over the configuration, name by name", %{tmp_dir: folder} do
    file = Path.join(folder, "tariff.txt")
    File.write!(file, "# ours\nletter 120\n\n box 1 # cheap\n")
    config = [parcel: [port: 1, tariff: %{letter: 110, kilogram: 35}]]

    assert TariffProvider.load(config, TariffProvider.init(file)) |> get_in([:parcel, :tariff]) ==
             %{letter: 120, box: 1, kilogram: 35}
  end

  test "without a file all stays", %{tmp_dir: folder} do
    assert TariffProvider.load([a: [b: 1]], Path.join(folder, "none")) == [a: [b: 1]]
  end

  test "faults have a place" do
    for line <- ["leter 1", "letter", "letter 1.5", "letter -1", "letter 1 2"] do
      assert_raise RuntimeError, ~r/^tariff.txt:2: /, fn ->
        TariffProvider.parse!("box 1\n#{line}\n", "tariff.txt")
      end
    end
  end
end
