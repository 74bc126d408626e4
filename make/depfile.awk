# awk -f depfile.awk FILE.d: the depfile as Make reads it. Each file is also a target without recipe: should it vanish,
# that is a reason to run the command, not an error. What Make would take for a pattern is quoted; a name with ; or |
# cannot be written at all.
NR == 1 {
	sub(/: *\\?$/, "")
	target = $0
	next
}
{
	sub(/ \\$/, "")
	sub(/^ +/, "")
	if ($0 == "" || /[;|]/)
		next
	gsub(/[:*?[]/, "\\\\&")
	print target ": " $0
	gsub(/%/, "\\\\&")
	print $0 ":"
}
