{application,iex,[{vsn,"1.14.5"},{description,"iex"},{modules,[]},{registered,[]},{applications,[kernel,stdlib,elixir]}]}.
