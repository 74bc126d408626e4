import Config
if file = System.get_env("DEMO_RUNTIME"), do: File.write!(file, "runtime #{node()}\n", [:append])
if System.get_env("DEMO_RAISE"), do: raise("asked to fail")
config :demo, x: System.get_env("DEMO_X", "none")
