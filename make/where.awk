# awk -v key=NAME -f where.awk FILE...: "FILE:LINE: " of the last assignment to the variable NAME; nothing without one.
index($0, key) {
	line = $0
	sub(/^ *((override|export|private|define) +)*/, "", line)
	if (substr(line, 1, length(key)) == key && substr(line, length(key) + 1) ~ /^ *([:?+!]*=|$)/)
		place = FILENAME ":" FNR ": "
}
END { printf "%s", place }
