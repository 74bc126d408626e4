/*
 * support/md5.h - MD5 (RFC 1321) by libcrypto. Erlang names modules' code by it; it protects
 * nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "support/str.h"

enum { MD5_SIZE = 16 };

/* The digest of `count` pieces, one after the other. False: this libcrypto refuses MD5 (FIPS). */
bool md5_pieces(const struct str *pieces, size_t count, unsigned char sum[MD5_SIZE]);
