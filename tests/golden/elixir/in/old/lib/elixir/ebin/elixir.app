{application,elixir,[{vsn,"1.14.5"},{description,"elixir"},{modules,[]},{registered,[]},{applications,[kernel,stdlib]}]}.
