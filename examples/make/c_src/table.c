#include "table.h"

void
table_fill(uint32_t *table)
{
	const uint32_t polynomial = 0x82f63b78; /* its bits in reverse */

	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t rest = byte;

		for (int bit = 0; bit < 8; bit++)
			rest = rest & 1 ? rest >> 1 ^ polynomial : rest >> 1;
		table[byte] = rest;
	}
}
