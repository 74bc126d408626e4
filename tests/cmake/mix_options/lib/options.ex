defmodule Options do
end
