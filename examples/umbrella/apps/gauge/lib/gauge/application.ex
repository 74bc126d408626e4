defmodule Gauge.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    children = [{Gauge.Store, Application.fetch_env!(:gauge, :keep)}]
    Supervisor.start_link(children, strategy: :one_for_one, name: Gauge.Supervisor)
  end
end
