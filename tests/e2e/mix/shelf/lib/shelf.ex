defprotocol Shelf.Size do
  def size(thing)
end
