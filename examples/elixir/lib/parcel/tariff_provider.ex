defmodule Parcel.TariffProvider do
  @moduledoc """
  Reads the tariff from a text file at start, so that prices change without a new release: lines of a name and a price
  in cents, and comments after `#`. Where there is no such file, the tariff of the configuration stays.

      letter 110
      box    450   # and each kilogram
  """
  @behaviour Config.Provider

  @names %{"letter" => :letter, "box" => :box, "pallet" => :pallet, "kilogram" => :kilogram}

  @impl true
  def init(path), do: path

  @impl true
  def load(config, path) do
    file = Config.Provider.resolve_config_path!(path)

    case File.read(file) do
      {:ok, text} -> merge(config, parse!(text, file))
      {:error, :enoent} -> config
      {:error, reason} -> raise "#{file}: #{:file.format_error(reason)}"
    end
  end

  defp merge(config, tariff) do
    known = get_in(config, [:parcel, :tariff]) || %{}
    Config.Reader.merge(config, parcel: [tariff: Map.merge(known, tariff)])
  end

  @doc "The tariff in a text; `file` is for messages."
  def parse!(text, file) do
    for {line, number} <- Enum.with_index(String.split(text, "\n"), 1),
        words = line |> String.replace(~r/#.*/, "") |> String.split(),
        words != [],
        into: %{} do
      with [name, price] <- words,
           {:ok, key} <- Map.fetch(@names, name),
           {cents, ""} when cents >= 0 <- Integer.parse(price) do
        {key, cents}
      else
        _ ->
          raise "#{file}:#{number}: not one of #{Enum.join(Map.keys(@names), ", ")} and a price in cents: #{line}"
      end
    end
  end
end
