defmodule BeamRelease.Mix.Release do
  def describe(_), do: []
end
