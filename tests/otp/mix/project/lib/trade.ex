defmodule Trade do
  use Application

  @fee Application.compile_env(:trade, :fee, 3)
  @rates Application.compile_env!(:trade, [:rates, :eur])

  def start(_type, _args), do: Supervisor.start_link([], strategy: :one_for_one)
  def price(goods), do: Trade.Priced.price(goods) * @rates + @fee
end

defprotocol Trade.Priced do
  def price(goods)
end

defimpl Trade.Priced, for: Integer do
  def price(cents), do: cents
end

defmodule Trade.Provider do
  @behaviour Config.Provider
  def init(path), do: {:file, path, %{strict: true}}
  def load(config, _state), do: config
end
