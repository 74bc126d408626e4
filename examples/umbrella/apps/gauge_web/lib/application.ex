defmodule GaugeWeb.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([GaugeWeb], strategy: :one_for_one, name: GaugeWeb.Supervisor)
  end
end
