/* table.h - the remainders that crc_nif.c looks up. */
#pragma once

#include <stdint.h>

/* Fills table[256] for CRC-32C (Castagnoli). */
void table_fill(uint32_t *table);
