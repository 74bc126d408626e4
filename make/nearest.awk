# awk -f nearest.awk WORD KNOWN...: a sentence that names the known word most like WORD, or else all.
function least(a, b) { return a < b ? a : b }

# How many letters must be added, removed, changed or exchanged with their neighbour.
function distance(a, b,    i, j, cost, d) {
	for (i = 0; i <= length(a); i++)
		d[i, 0] = i
	for (j = 0; j <= length(b); j++)
		d[0, j] = j
	for (i = 1; i <= length(a); i++)
		for (j = 1; j <= length(b); j++) {
			cost = substr(a, i, 1) != substr(b, j, 1)
			d[i, j] = least(least(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + cost)
			if (i > 1 && j > 1 && substr(a, i, 1) == substr(b, j - 1, 1) && substr(a, i - 1, 1) == substr(b, j, 1))
				d[i, j] = least(d[i, j], d[i - 2, j - 2] + 1)
		}
	return d[length(a), length(b)]
}

BEGIN {
	limit = int((length(ARGV[1]) + 2) / 3) + 1
	for (n = 2; n < ARGC; n++) {
		all = all (n > 2 ? ", " : "") ARGV[n]
		if (length(ARGV[n]) - length(ARGV[1]) < limit && (far = distance(ARGV[1], ARGV[n])) < limit) {
			limit = far
			nearest = ARGV[n]
		}
	}
	if (nearest != "")
		print "Did you mean '" nearest "'?"
	else if (all != "")
		print "Known: " all "."
	else
		print "There is none."
	exit
}
