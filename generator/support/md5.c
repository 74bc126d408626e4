#include "support/md5.h"

#include <assert.h>

#include <openssl/evp.h>

bool
md5_pieces(const struct str *pieces, size_t count, unsigned char sum[MD5_SIZE])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned len = 0;
	int ok;

	assert(ctx); /* fails only without memory */
	EVP_MD_CTX_set_flags(ctx, EVP_MD_CTX_FLAG_NON_FIPS_ALLOW);
	ok = EVP_DigestInit_ex(ctx, EVP_md5(), NULL);
	for (size_t i = 0; ok && i < count; i++)
		ok = EVP_DigestUpdate(ctx, pieces[i].at, pieces[i].len);
	ok = ok && EVP_DigestFinal_ex(ctx, sum, &len);
	EVP_MD_CTX_free(ctx);
	assert(!ok || len == MD5_SIZE);
	return ok;
}
