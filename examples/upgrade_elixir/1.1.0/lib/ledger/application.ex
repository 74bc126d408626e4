defmodule Ledger.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args), do: Ledger.Supervisor.start_link()
end

defmodule Ledger.Supervisor do
  @moduledoc """
  A module of its own, so that an upgrade can ask it for its children again.
  """
  use Supervisor

  def start_link, do: Supervisor.start_link(__MODULE__, [], name: __MODULE__)

  @impl true
  def init(_) do
    children = [
      Ledger.Book,
      {DynamicSupervisor, name: Ledger.Connections},
      Ledger.Listener,
      Ledger.Acceptor
    ]

    Supervisor.init(children, strategy: :rest_for_one)
  end
end
