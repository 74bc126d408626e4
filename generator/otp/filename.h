/*
 * otp/filename.h - paths as OTP's module filename writes and cuts them, on Unix.
 */
#pragma once

#include <stddef.h>

#include "support/str.h"

struct arena;

/* filename:join/2: no doubled or final '/', no "/./"; an absolute `name` stands alone. Empty `dir`:
 * filename:join/1. */
struct str filename_join(struct arena *arena, struct str dir, struct str name);

/* Takes the component at *at, for filename:split/1: the root counts as one, "/". Empty: the end. */
struct str filename_next(struct str path, size_t *at);

size_t filename_components(struct str path);
