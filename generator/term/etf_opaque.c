/*
 * Pids, ports, references and closures: their structure is checked, their bytes are kept.
 */
#include "term/etf.h"

enum {
	FUN_UNIQUE = 16,
	MAX_REFERENCE = 5, /* 32-bit words */
};

static bool
decode_kind(struct etf_decoder *d, enum term_kind kind, const char *what)
{
	size_t at = d->in.pos;
	struct term term;

	if (!etf_decode(d, &term))
		return false;
	return term.kind == kind || etf_fault(d, at, "%s is of another type", what);
}

static bool
decode_pid(struct etf_decoder *d)
{
	size_t at = d->in.pos;
	uint8_t tag = cursor_u8(&d->in);

	if (tag != ETF_PID && tag != ETF_NEW_PID)
		return etf_fault(d, at, "there is no pid where a fun needs one");
	if (!decode_kind(d, TERM_ATOM, "the node of a pid"))
		return false;
	cursor_take(&d->in, 8);
	cursor_take(&d->in, tag == ETF_PID ? 1 : 4);
	return true;
}

static bool
decode_closure(struct etf_decoder *d, uint8_t tag)
{
	uint32_t free_variables;
	struct term variable;

	if (tag == ETF_NEW_FUN) {
		cursor_take(&d->in, 4 + 1 + FUN_UNIQUE + 4); /* size, arity, unique, index */
		free_variables = cursor_u32(&d->in);
	} else {
		free_variables = cursor_u32(&d->in);
		if (!decode_pid(d))
			return false;
	}
	if (!decode_kind(d, TERM_ATOM, "the module of a fun") ||
		!decode_kind(d, TERM_INTEGER, "the index of a fun") ||
		!decode_kind(d, TERM_INTEGER, "the unique number of a fun") ||
		(tag == ETF_NEW_FUN && !decode_pid(d)) || !etf_enough(d, free_variables, 1))
		return false;
	for (uint32_t i = 0; i < free_variables; i++)
		if (!etf_decode(d, &variable))
			return false;
	return true;
}

/* What follows the tag of a port or reference. */
static bool
decode_identifier(struct etf_decoder *d, uint8_t tag)
{
	bool counted = tag == ETF_NEW_REFERENCE || tag == ETF_NEWER_REFERENCE;
	size_t at = d->in.pos, words = counted ? cursor_u16(&d->in) : 1;

	if (words > MAX_REFERENCE)
		return etf_fault(d, at, "a reference has %zu words, more than 5", words);
	if (!decode_kind(d, TERM_ATOM, "the node of a port or reference"))
		return false;
	if (tag == ETF_V4_PORT)
		words = 2;
	cursor_take(&d->in, 4 * words);
	cursor_take(&d->in,
		tag == ETF_REFERENCE || tag == ETF_PORT || tag == ETF_NEW_REFERENCE ? 1 : 4);
	return true;
}

/* Checks the structure and keeps the bytes. */
bool
etf_decode_opaque(struct etf_decoder *d, uint8_t tag, struct term *term)
{
	size_t start = d->in.pos - 1;
	bool ok;

	if (tag == ETF_PID || tag == ETF_NEW_PID) {
		d->in.pos = start;
		ok = decode_pid(d);
	} else if (tag == ETF_FUN || tag == ETF_NEW_FUN) {
		ok = decode_closure(d, tag);
	} else {
		ok = decode_identifier(d, tag);
	}
	if (!ok || !etf_enough(d, 0, 1))
		return false;
	*term = (struct term){
		.kind = TERM_OPAQUE, .opaque = {d->in.bytes.at + start, d->in.pos - start}};
	return true;
}
