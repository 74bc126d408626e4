defprotocol Gauge.Show do
  @moduledoc """
  How things are shown to people. Other applications of the umbrella add their own.
  """

  @doc "One line of text."
  def line(thing)
end

defmodule Gauge.Reading do
  @moduledoc "One value of one place."
  @enforce_keys [:place, :value]
  defstruct [:place, :value]

  defimpl Gauge.Show do
    def line(reading), do: "#{reading.place} #{Gauge.Show.line(reading.value)}"
  end
end

defmodule Gauge.Summary do
  @moduledoc "What is known of a place."
  @enforce_keys [:place, :latest, :lowest, :mean, :highest]
  defstruct [:place, :latest, :lowest, :mean, :highest]

  defimpl Gauge.Show do
    def line(summary) do
      [:latest, :lowest, :mean, :highest]
      |> Enum.map(&"#{&1} #{Gauge.Show.line(Map.fetch!(summary, &1))}")
      |> Enum.join(", ")
    end
  end
end

defimpl Gauge.Show, for: [Integer, Float] do
  def line(number), do: :erlang.float_to_binary(number / 1, decimals: 1)
end
