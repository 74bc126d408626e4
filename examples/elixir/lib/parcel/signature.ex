defmodule Parcel.Signature do
  @moduledoc """
  Signatures by the secret of this installation.
  """

  def sign(parcels, cents) do
    :crypto.mac(:hmac, :sha256, secret(), "#{parcels} #{cents}") |> Base.encode16(case: :lower)
  end

  def valid?(parcels, cents, signature) do
    wanted = sign(parcels, cents)
    byte_size(wanted) == byte_size(signature) and equal?(wanted, signature)
  end

  # In the same time wherever they differ.
  defp equal?(a, b) do
    0 ==
      Enum.zip_reduce(
        :binary.bin_to_list(a),
        :binary.bin_to_list(b),
        0,
        &Bitwise.bor(&3, Bitwise.bxor(&1, &2))
      )
  end

  defp secret, do: Application.fetch_env!(:parcel, :secret)
end
