#include "support/nearest.h"

enum {
	LONGEST = 64, /* longer words are not names */
	SHORTEST_HEAD = 3,
};

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: three rows of the table of distances between heads of `a` and `b`. */
static size_t
edits(struct str a, struct str b)
{
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *spare = before;
		before = last;
		last = row;
		row = spare;
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = a.at[i - 1] == b.at[j - 1];
			row[j] = least(least(last[j], row[j - 1]) + 1, last[j - 1] + !same);
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
				a.at[i - 2] == b.at[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return row[b.len];
}

/* An abbreviation, or a word that goes on too long. */
static bool
heads(struct str a, struct str b)
{
	size_t len = least(a.len, b.len);

	return len >= SHORTEST_HEAD && a.len != b.len && str_eq(str_head(a, len), str_head(b, len));
}

void
nearest_try(struct nearest *nearest, struct str name)
{
	struct str word = nearest->word;

	if (word.len == 0 || word.len > LONGEST || name.len > LONGEST)
		return;

	size_t found = heads(word, name) ? 1 : edits(word, name);
	size_t longer = word.len > name.len ? word.len : name.len;
	/* From a short word two edits lead anywhere. */
	if (found <= word.len / 4 + 1 && 2 * found < longer && found < name.len &&
		(!nearest->best.at || found < nearest->edits)) {
		nearest->best = name;
		nearest->edits = found;
	}
}
