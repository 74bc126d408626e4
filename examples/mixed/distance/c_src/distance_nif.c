/* distance_nif:levenshtein/2: of two texts in UTF-32, of at most MAX characters each. */
#include <erl_nif.h>
#include <stdint.h>
#include <string.h>

enum { MAX = 255 };

static unsigned
smallest(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

static unsigned
levenshtein(const uint32_t *a, unsigned a_len, const uint32_t *b, unsigned b_len)
{
	unsigned row[MAX + 1];

	for (unsigned j = 0; j <= b_len; j++)
		row[j] = j;
	for (unsigned i = 1; i <= a_len; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= b_len; j++) {
			unsigned above = row[j];

			row[j] = smallest(
				above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

/* The binary as characters, or 0 when it is not one that we take. */
static int
characters(ErlNifEnv *env, ERL_NIF_TERM term, uint32_t *text, unsigned *len)
{
	ErlNifBinary binary;

	if (!enif_inspect_binary(env, term, &binary) || binary.size % sizeof(*text) != 0 ||
		binary.size / sizeof(*text) > MAX)
		return 0;
	memcpy(text, binary.data, binary.size);
	*len = (unsigned)(binary.size / sizeof(*text));
	return 1;
}

static ERL_NIF_TERM
nif(ErlNifEnv *env, int argc, const ERL_NIF_TERM argv[])
{
	uint32_t a[MAX], b[MAX];
	unsigned a_len, b_len;

	(void)argc;
	if (!characters(env, argv[0], a, &a_len) || !characters(env, argv[1], b, &b_len))
		return enif_make_badarg(env);
	return enif_make_uint(env, levenshtein(a, a_len, b, b_len));
}

static ErlNifFunc functions[] = {{"levenshtein", 2, nif, 0}};

ERL_NIF_INIT(distance_nif, functions, NULL, NULL, NULL, NULL)
