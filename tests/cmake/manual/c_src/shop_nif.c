#include <erl_nif.h>

static ERL_NIF_TERM
price(ErlNifEnv *env, int argc, const ERL_NIF_TERM argv[])
{
	int value;

	(void)argc;
	if (!enif_get_int(env, argv[0], &value))
		return enif_make_badarg(env);
	return enif_make_int(env, 2 * value);
}

static ErlNifFunc functions[] = {{"price", 1, price, 0}};

ERL_NIF_INIT(shop, functions, NULL, NULL, NULL, NULL)
