defmodule Parcel.Application do
  @moduledoc false
  use Application

  @impl true
  def start(_type, _args) do
    children = [
      Parcel.Desk,
      {Task.Supervisor, name: Parcel.Connections},
      Parcel.Web
    ]

    Supervisor.start_link(children, strategy: :rest_for_one, name: Parcel.Supervisor)
  end
end
