/*
 * term/order.h - what both readers need for maps.
 */
#pragma once

#include "term/term.h"

struct arena;

/*
 * Sorts `pairs` key, value, key, value ... by key, in place. Of equal keys the last one stays.
 * Returns how many items are left; fewer than `len` if there were equal keys.
 */
size_t order_map(struct arena *arena, struct term *pairs, size_t len);
