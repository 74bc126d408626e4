/*
 * support/sha256.h - SHA-256 (FIPS 180-4) by libcrypto.
 */
#pragma once

#include "support/str.h"

struct sha256;

enum { SHA256_HEX_SIZE = 65 }; /* with the NUL */

/* A running digest. sha256_end() writes lower-case hexadecimal and frees the digest. */
struct sha256 *sha256_begin(void);
void sha256_add(struct sha256 *digest, struct str bytes);
void sha256_end(struct sha256 *digest, char hex[SHA256_HEX_SIZE]);

void sha256_hex(struct str bytes, char hex[SHA256_HEX_SIZE]);

/* Is it what sha256_end() writes? */
static inline bool
sha256_is_hex(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((text.at[i] < '0' || text.at[i] > '9') &&
			(text.at[i] < 'a' || text.at[i] > 'f'))
			return false;
	return text.len == SHA256_HEX_SIZE - 1;
}
