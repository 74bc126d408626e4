defmodule GaugePoller do
  @moduledoc """
  Reads the sensor again and again: a file that holds lines of a place and a value.
  """
  use GenServer
  require Logger

  defmodule Status do
    @moduledoc "What the poller has done."
    defstruct rounds: 0, faults: 0

    defimpl Gauge.Show do
      def line(status), do: "#{status.rounds} rounds, #{status.faults} faults"
    end
  end

  def start_link(_options), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)

  def status, do: GenServer.call(__MODULE__, :status)

  @doc "Reads now, without waiting for the next round."
  def poll, do: GenServer.call(__MODULE__, :poll)

  @impl true
  def init(_), do: {:ok, %Status{}, {:continue, :wait}}

  @impl true
  def handle_continue(:wait, status) do
    case Application.fetch_env!(:gauge_poller, :interval) do
      :infinity -> :ok
      interval -> Process.send_after(self(), :round, interval)
    end

    {:noreply, status}
  end

  @impl true
  def handle_info(:round, status), do: {:noreply, read(status), {:continue, :wait}}

  @impl true
  def handle_call(:status, _from, status), do: {:reply, status, status}

  def handle_call(:poll, _from, status) do
    status = read(status)
    {:reply, status, status}
  end

  defp read(status) do
    file = Application.fetch_env!(:gauge_poller, :sensor)
    status = %{status | rounds: status.rounds + 1}

    with {:ok, text} <- File.read(file),
         :ok <- record(String.split(text, "\n", trim: true)) do
      status
    else
      {:error, reason} ->
        Logger.warning("#{file}: #{inspect(reason)}")
        %{status | faults: status.faults + 1}
    end
  end

  defp record([]), do: :ok

  defp record([line | lines]) do
    with [place, text] <- String.split(line),
         {value, ""} <- Float.parse(text) do
      Gauge.record(place, value)
      record(lines)
    else
      _ -> {:error, {:not_a_reading, line}}
    end
  end
end
