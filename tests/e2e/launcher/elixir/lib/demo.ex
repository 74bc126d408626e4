defmodule Demo do
  use Application

  def start(_type, _args) do
    if file = System.get_env("DEMO_BOOTS") do
      File.write!(file, "#{x()} #{:code.get_mode()}\n", [:append])
    end

    file = System.get_env("DEMO_FACTS")
    children = if file, do: [{Task, fn -> write_facts(file) end}], else: []
    Supervisor.start_link(children, strategy: :one_for_one)
  end

  def x, do: Application.fetch_env!(:demo, :x)

  # What mix's launcher and ours are to give alike.
  def facts do
    release =
      for name <- ~w(NAME VSN COMMAND PROG MODE TMP VM_ARGS REMOTE_VM_ARGS BOOT_SCRIPT
            BOOT_SCRIPT_CLEAN DISTRIBUTION NODE ROOT) do
        {name, System.get_env("RELEASE_" <> name)}
      end

    started = for {app, _, _} <- Application.started_applications(), do: app

    [
      x: x(),
      no_halt: System.no_halt(),
      argv: System.argv(),
      mode: :code.get_mode(),
      ansi: IO.ANSI.enabled?(),
      encoding: :io.getopts(:standard_io)[:encoding],
      flags:
        Enum.sort(for {flag, _} <- :init.get_arguments(), flag in [:noshell, :noinput], do: flag),
      started: Enum.sort(started),
      environment: release
    ]
  end

  defp write_facts(file) do
    unless System.no_halt() do
      Process.sleep(20)
      write_facts(file)
    else
      File.write!(file, inspect(facts(), limit: :infinity, pretty: true))
    end
  end
end
