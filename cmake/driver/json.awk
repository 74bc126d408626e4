# awk -f json.awk FILE...: a JSON document as lines PATH<tab>VALUE, as in "manifests.0.digest". Strings without their quotes and with
# their escapes, which digests, names of platforms and the like have not. Dots in keys stay as they are.
{ text = text $0 }

END {
	depth = 0
	path[0] = ""
	while (match(text, /^[ \t\r]*("([^"\\]|\\.)*"|[-+.0-9A-Za-z]+|[][{}:,])/)) {
		token = substr(text, 1, RLENGTH)
		text = substr(text, RLENGTH + 1)
		sub(/^[ \t\r]*/, "", token)
		if (token == "{" || token == "[") {
			path[depth + 1] = name()
			depth++
			kind[depth] = token
			count[depth] = 0
			key[depth] = ""
		} else if (token == "}" || token == "]") {
			depth--
		} else if (token == ",") {
			count[depth]++
			key[depth] = ""
		} else if (token != ":") {
			if (token ~ /^"/)
				token = substr(token, 2, length(token) - 2)
			if (kind[depth] == "{" && key[depth] == "")
				key[depth] = token
			else
				print substr(name(), 2) "\t" token
		}
	}
}

# Of the value that comes now, with a dot before it.
function name() {
	if (depth == 0)
		return ""
	return path[depth] "." (kind[depth] == "[" ? count[depth] : key[depth])
}
