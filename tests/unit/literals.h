/* Words and pairs of tests, as initializers. */
#pragma once

#include "spec/spec.h"
#include "support/str.h"

#define TEXT(literal) STR_INIT(literal)
#define WORDS(...)                                                               \
	{                                                                        \
		(struct str[]){__VA_ARGS__},                                     \
			sizeof((struct str[]){__VA_ARGS__}) / sizeof(struct str) \
	}
#define PAIR(k, v)                                                    \
	{                                                             \
		.key = {.text = TEXT(k)}, .value = {.text = TEXT(v) } \
	}
#define PAIRS(...)                                                                          \
	{                                                                                   \
		.at = (struct spec_pair[]){__VA_ARGS__},                                    \
		.len = sizeof((struct spec_pair[]){__VA_ARGS__}) / sizeof(struct spec_pair) \
	}
