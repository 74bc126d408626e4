defmodule Store do
  @colour Application.compile_env(:store, :colour)
  @answer Application.compile_env(:shelf, [:deep, :answer], 1)

  def colour, do: {@colour, @answer}
  def words(text), do: text |> to_charlist() |> :store_words.string() |> elem(1)
  def priv, do: File.read!(Application.app_dir(:store, "priv/data/current"))
end

defmodule Store.Crate do
  defstruct [:items]

  defimpl Shelf.Size do
    def size(crate), do: length(crate.items)
  end

  defimpl String.Chars do
    def to_string(crate), do: "crate of #{length(crate.items)}"
  end
end

defmodule Store.Application do
  use Application
  def start(_, _), do: Supervisor.start_link([], strategy: :one_for_one)
end

defmodule Store.Provider do
  @behaviour Config.Provider
  def init(path), do: {:system, "RELEASE_ROOT", path}

  def load(config, path) do
    text = path |> Config.Provider.resolve_config_path!() |> File.read!() |> String.trim()
    Config.Reader.merge(config, store: [text: text])
  end
end
