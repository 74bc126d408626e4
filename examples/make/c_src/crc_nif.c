/* crc_nif:crc32c/1: the CRC-32C of a binary or iolist. */
#include <erl_nif.h>

#include "table.h"

static uint32_t table[256];

static ERL_NIF_TERM
crc32c(ErlNifEnv *env, int argc, const ERL_NIF_TERM argv[])
{
	ErlNifBinary data;
	uint32_t sum = UINT32_MAX;

	(void)argc;
	if (!enif_inspect_iolist_as_binary(env, argv[0], &data))
		return enif_make_badarg(env);
	for (size_t i = 0; i < data.size; i++)
		sum = sum >> 8 ^ table[(sum ^ data.data[i]) & 0xff];
	return enif_make_uint(env, sum ^ UINT32_MAX);
}

static int
load(ErlNifEnv *env, void **priv_data, ERL_NIF_TERM info)
{
	(void)env;
	(void)priv_data;
	(void)info;
	table_fill(table);
	return 0;
}

static ErlNifFunc functions[] = {{"crc32c", 1, crc32c, 0}};

ERL_NIF_INIT(crc_nif, functions, load, NULL, NULL, NULL)
