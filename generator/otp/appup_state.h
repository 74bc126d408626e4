/*
 * otp/appup_state.h - what can be told about the state of processes from two versions of their
 * module.
 */
#pragma once

#include "otp/appup_modules.h"

/* Does this version convert the state? The new one is asked, on the way down too: there it is
 * before the old one is loaded. */
enum appup_conversion {
	APPUP_CONVERTS, /* or it is not known that it does not */
	APPUP_IDENTITY, /* code_change gives back what it gets */
	APPUP_NO_CODE_CHANGE
};

enum appup_conversion appup_conversion(struct arena *arena, const struct appup_side *side);

/* True if both versions tell gen_statem the same callback mode, or have none. */
bool appup_same_callback_mode(struct arena *arena, const struct appup_pair *pair);

/* The name of a record that looks like the state (state, data, or the module's own name) and has
 * other fields in the new version: known when neither module was stripped. False: none is known. */
bool appup_state_record(struct arena *arena, const struct appup_pair *pair, struct str *record);
