{application,elixir,[{vsn,"1.18.3"},{description,"elixir"},{modules,[]},{registered,[]},{applications,[kernel,stdlib]}]}.
