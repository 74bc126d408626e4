# What Mix says: nothing but faults, and whose warnings follow where there are several applications, for the compiler names
# files by their places in the application.
defmodule BeamRelease.Mix.Shell do
  @behaviour Mix.Shell

  @impl true
  def print_app do
    if name = Mix.Shell.printable_app_name(), do: IO.puts(:stderr, "==> #{name}")
    :ok
  end

  @impl true
  def info(message) do
    if message |> IO.ANSI.format(false) |> IO.iodata_to_binary() |> String.starts_with?("Compiling "), do: print_app()
    :ok
  end

  @impl true
  def error(message) do
    print_app()
    Mix.Shell.Quiet.error(message)
  end

  @impl true
  def cmd(command, options \\ []), do: Mix.Shell.Quiet.cmd(command, options)

  @impl true
  def prompt(message), do: Mix.Shell.Quiet.prompt(message)

  @impl true
  def yes?(message, options \\ []), do: Mix.Shell.Quiet.yes?(message, options)
end
