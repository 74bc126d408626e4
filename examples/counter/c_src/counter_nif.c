/* counter_nif:add/2. */
#include <erl_nif.h>

static ERL_NIF_TERM
add(ErlNifEnv *env, int argc, const ERL_NIF_TERM argv[])
{
	ErlNifSInt64 a, b, sum;

	(void)argc;
	if (!enif_get_int64(env, argv[0], &a) || !enif_get_int64(env, argv[1], &b))
		return enif_make_badarg(env);
	if (__builtin_add_overflow(a, b, &sum))
		return enif_make_atom(env, "overflow");
	return enif_make_int64(env, sum);
}

static ErlNifFunc functions[] = {{"add", 2, add, 0}};

ERL_NIF_INIT(counter_nif, functions, NULL, NULL, NULL, NULL)
