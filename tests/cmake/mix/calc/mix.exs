defmodule Calc.MixProject do
  use Mix.Project

  def project do
    [
      app: :calc,
      version: "0.5.0",
      deps: [{:near, path: "../near"}, {:plus, "~> 1.0"}],
      compilers: Mix.compilers() ++ [:tool]
    ]
  end

  def application, do: [extra_applications: [:erl]]
end

# As elixir_make does: what a program makes goes to priv/ of the compiled application.
defmodule Mix.Tasks.Compile.Tool do
  use Mix.Task.Compiler

  def run(_) do
    priv = Path.join(Mix.Project.app_path(), "priv")
    File.mkdir_p!(priv)
    header = Path.join(System.fetch_env!("ERTS_INCLUDE_DIR"), "erl_nif.h")
    true = File.regular?(header) and System.get_env("ERL_EI_INCLUDE_DIR") != nil and System.get_env("ERL_EI_LIBDIR") != nil
    File.write!(Path.join(priv, "made.txt"), String.upcase(File.read!("tools/text.in")))
    {:ok, []}
  end
end
