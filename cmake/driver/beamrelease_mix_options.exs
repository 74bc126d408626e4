# Options of `mix release` that cannot be honoured are errors, all of a release at once.
defmodule BeamRelease.Mix.Options do
  # The options that the project gives itself, before Mix adds its own.
  def given(name, config) do
    releases = config[:releases] || []
    default = config[:default_release] || (match?([_], releases) && releases |> hd() |> elem(0))
    name = if name == "default-release", do: default, else: String.to_atom(name)

    case name && releases[name] do
      fun when is_function(fun, 0) -> fun.()
      options when is_list(options) -> options
      _ -> []
    end
  end

  def declared!("default-release", _), do: :ok

  def declared!(name, config) do
    declared = for {release, _} <- config[:releases] || [], do: "#{release}"

    if name not in declared do
      Mix.raise(
        "#{Path.absname("mix.exs")}: there is no release '#{name}'. " <>
          if(declared == [],
            do: "`releases:` declares none: take PROJECT_RELEASE out, and it is the one that Mix makes then.",
            else: "PROJECT_RELEASE can be: #{Enum.join(declared, ", ")}"
          )
      )
    end
  end

  def check!(release, given) do
    faults =
      for {option, value} <- given, text = fault(option, value) do
        "  #{option}: #{inspect(value)}\n    #{text}\n"
      end

    if faults != [] do
      Mix.raise(
        "#{Path.absname("mix.exs")}: the release #{release.name} has options that BeamRelease cannot honour:\n" <>
          Enum.join(faults)
      )
    end
  end

  defp fault(:cookie, value) when value != nil,
    do:
      "A cookie is a secret, and nothing secret goes into a release. Take the option out; give the cookie to the " <>
        "running system in RELEASE_COOKIE or RELEASE_COOKIE_FILE."

  defp fault(:path, _),
    do: "The build decides where the release is made. Take the option out; beam_install() puts the release elsewhere."

  defp fault(:include_executables_for, value) do
    if :unix not in List.wrap(value),
      do: "Only the launcher for Unix is made. Add :unix, or take the option out.",
      else: nil
  end

  defp fault(:strip_beams, value) when is_list(value) do
    if value[:compress],
      do: "Single beams are not compressed: the archive is. Take `compress` out.",
      else: nil
  end

  defp fault(:steps, steps) when is_list(steps) do
    after_assemble = steps |> Enum.drop_while(&(&1 != :assemble)) |> Enum.filter(&is_function/1)

    if after_assemble != [],
      do:
        "Functions after :assemble are not run: the release is not assembled by Mix. Put files into rel/overlays, or " <>
          "into beam_release_overlay() what the build makes; or run such a function before :assemble.",
      else: nil
  end

  defp fault(_, _), do: nil

  # Functions before :assemble change the release as they do for Mix.
  def prepare(release) do
    steps = Enum.take_while(release.steps, &(&1 != :assemble))
    rest = Enum.drop_while(release.steps, &(&1 != :assemble))
    scripts = release.boot_scripts |> Map.keys() |> Enum.sort()

    prepared =
      Enum.reduce(steps, %{release | steps: rest}, fn step, release ->
        case step.(release) do
          %Mix.Release{} = release -> release
          other -> Mix.raise("Expected step #{inspect(step)} to return a Mix.Release, got: #{inspect(other)}")
        end
      end)

    if prepared.boot_scripts |> Map.keys() |> Enum.sort() != scripts do
      Mix.raise(
        "#{Path.absname("mix.exs")}: a step of the release #{release.name} adds or removes boot scripts, which " <>
          "BeamRelease cannot honour: there are start, start_clean and no_dot_erlang"
      )
    end

    prepared
  end

  # The launcher names the node and hands over the cookie; vm.args cannot.
  def check_flags!(text, template) do
    for {line, number} <- text |> String.split("\n") |> Enum.with_index(1),
        [flag | _] <- [String.split(line)],
        flag in ~w(-setcookie -name -sname) do
      Mix.raise("#{template}: line #{number} of what it gives has #{flag}. " <> advice(flag))
    end
  end

  defp advice("-setcookie"),
    do: "A cookie is a secret, and nothing secret goes into a release: take it out, and set RELEASE_COOKIE where the system runs."

  defp advice(_),
    do:
      "The launcher names the node: take it out, and set RELEASE_NODE and RELEASE_DISTRIBUTION (name or sname) in " <>
        "rel/env.sh.eex or where the system runs."
end
