defmodule Bench do
  @moduledoc "Starts nothing: what is measured is making the release."
  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([], strategy: :one_for_one)
  end
end
