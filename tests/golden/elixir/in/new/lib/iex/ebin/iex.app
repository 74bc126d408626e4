{application,iex,[{vsn,"1.18.3"},{description,"iex"},{modules,[]},{registered,[]},{applications,[kernel,stdlib,elixir]}]}.
