defmodule GaugePoller.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([GaugePoller], strategy: :one_for_one, name: GaugePoller.Supervisor)
  end
end
