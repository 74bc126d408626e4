defmodule Calc do
  require Record
  Record.defrecord(:pair, Record.extract(:pair, from_lib: "erl/include/erl.hrl"))
  @external_resource "table.txt"
  @table File.read!("table.txt")
  @factor String.to_integer(System.fetch_env!("CALC_FACTOR"))

  def run, do: {Near.value(), Plus.plus(1, 2), @factor, String.trim(@table), pair(pair(), :right), :erl_half.half(8)}
end
