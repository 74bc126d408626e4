# The Elixir application that is upgraded; make.escript puts 1 or 2 where VSN stands.
defmodule Live.Application do
  use Application

  def start(_type, _args), do: Live.Supervisor.start_link([])
end

defmodule Live.Supervisor do
  use Supervisor

  def start_link(_), do: Supervisor.start_link(__MODULE__, [], name: __MODULE__)

  def init(_) do
    children = [Live.Counter, Live.Idle, Live.Store, {Live.Pool, []}]
    Supervisor.init(children, strategy: :one_for_one, max_restarts: VSN)
  end
end

defmodule Live.Pool do
  use DynamicSupervisor

  def start_link(_), do: DynamicSupervisor.start_link(__MODULE__, [], name: __MODULE__)
  def init(_), do: DynamicSupervisor.init(strategy: :one_for_one, max_children: VSN)
end

defmodule Live.Counter do
  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)
  def init(_), do: {:ok, {VSN, 0}}
  def handle_call(:add, _from, {VSN, n}), do: {:reply, {VSN, n + 1}, {VSN, n + 1}}
  def handle_call(:get, _from, {VSN, n}), do: {:reply, {VSN, n}, {VSN, n}}

  def code_change({:down, _}, {2, n}, _), do: {:ok, {1, n}}
  def code_change(_, {1, n}, _), do: {:ok, {2, n}}
end

defmodule Live.Idle do
  use GenServer

  def start_link(_), do: GenServer.start_link(__MODULE__, [], name: __MODULE__)
  def init(_), do: {:ok, 0}
  def handle_call(:add, _from, n), do: {:reply, {VSN, n + 1}, n + 1}
  def handle_call(:get, _from, n), do: {:reply, {VSN, n}, n}
end

defmodule Live.Store do
  use Agent

  def start_link(_), do: Agent.start_link(fn -> 0 end, name: __MODULE__)
  def add, do: Agent.get_and_update(__MODULE__, fn n -> {{VSN, n + 1}, n + 1} end)
  def get, do: Agent.get(__MODULE__, fn n -> {VSN, n} end)
end
