/*
 * pack/remove.h - folders that are no longer wanted.
 */
#pragma once

#include <stdbool.h>

/* Removes `dir` and all that is in it, following no links, not even if `dir` is one; what is not
 * there is no fault. False: errno says why. */
bool remove_folder(const char *dir);
