#include "support/sha256.h"

#include <assert.h>
#include <stdio.h>

#include <openssl/evp.h>

/* An EVP_MD_CTX by another name, so that libcrypto stays in this file. */
static EVP_MD_CTX *
context(struct sha256 *digest)
{
	return (EVP_MD_CTX *)(void *)digest;
}

struct sha256 *
sha256_begin(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	/* SHA-256 is built in; both calls fail only without memory. */
	int ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL);
	assert(ok);
	return (struct sha256 *)(void *)ctx;
}

void
sha256_add(struct sha256 *digest, struct str bytes)
{
	int ok = EVP_DigestUpdate(context(digest), bytes.at, bytes.len);
	assert(ok);
}

void
sha256_end(struct sha256 *digest, char hex[SHA256_HEX_SIZE])
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	int ok = EVP_DigestFinal_ex(context(digest), sum, &len);

	assert(ok && len * 2 + 1 == SHA256_HEX_SIZE);
	EVP_MD_CTX_free(context(digest));
	for (unsigned i = 0; i < len; i++)
		snprintf(hex + (size_t)i * 2, 3, "%02x", sum[i]);
}

void
sha256_hex(struct str bytes, char hex[SHA256_HEX_SIZE])
{
	struct sha256 *digest = sha256_begin();

	sha256_add(digest, bytes);
	sha256_end(digest, hex);
}
