defmodule Spell.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([Spell.Dictionary], strategy: :one_for_one, name: Spell.Supervisor)
  end
end
