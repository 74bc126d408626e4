/* Binaries: << value:size/type-specifiers, ... >> */
#include "support/arena.h"
#include "term/number.h"
#include "term/parse.h"
#include "term/utf8.h"

enum {
	MAX_BITS = 1 << 27, /* by sizes alone, in a whole file */
	WORD_BITS = 64,
	MAX_UNIT = 256,
	HALF_INFINITY = 0x7c00,
	HALF_FLOATS_OTP = 24,
};

enum field_type {
	FIELD_UNSET,
	FIELD_INTEGER,
	FIELD_FLOAT,
	FIELD_BINARY,
	FIELD_UTF8,
	FIELD_UTF16,
	FIELD_UTF32
};
enum field_sign { SIGN_UNSET, SIGN_SIGNED, SIGN_UNSIGNED };
enum field_endian { ENDIAN_UNSET, ENDIAN_BIG, ENDIAN_LITTLE, ENDIAN_NATIVE };

struct field {
	struct srcpos pos;
	enum field_type type;
	enum field_sign sign;
	enum field_endian endian;
	int64_t unit; /* 0: not given */
	int64_t size; /* -1: not given */
};

/* Bits on their way out; `unused` counts those free in the last byte. */
struct bits {
	struct buf bytes;
	unsigned unused;
};

static void
add_bits(struct bits *out, const unsigned char *bytes, size_t count)
{
	for (size_t done = 0; done < count; done += 8) {
		unsigned have = count - done < 8 ? (unsigned)(count - done) : 8;
		unsigned byte = bytes[done / 8] & (0xff00U >> have) & 0xff;

		if (out->unused == 0) {
			buf_byte(&out->bytes, byte);
			out->unused = 8 - have;
			continue;
		}
		char *last = &out->bytes.at[out->bytes.len - 1];
		*last = (char)((unsigned char)*last | byte >> (8 - out->unused));
		if (have > out->unused) {
			buf_byte(&out->bytes, byte << out->unused & 0xff);
			out->unused = 8 - (have - out->unused);
		} else {
			out->unused -= have;
		}
	}
}

static bool
fault(struct parser *p, const struct field *f, const char *text)
{
	return diag_error(p->scan.diag, f->pos, "%s", text);
}

/* A short text must not ask for much memory. */
static bool
too_large(struct parser *p, const struct field *f)
{
	return fault(p, f,
		"the sizes in this file ask for more than 16 MB of zeros; write smaller ones");
}

static void
reverse(unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len / 2; i++) {
		unsigned char byte = bytes[i];
		bytes[i] = bytes[len - 1 - i];
		bytes[len - 1 - i] = byte;
	}
}

/* Little-endian `bytes`, of which `count` bits are wanted, as they stand in the binary. */
static void
add_integer_bits(struct bits *out, unsigned char *bytes, size_t count, bool little)
{
	size_t len = (count + 7) / 8, extra = count % 8;

	if (little) {
		if (extra) /* the last byte holds its bits at the left */
			bytes[len - 1] = (unsigned char)(bytes[len - 1] << (8 - extra));
		add_bits(out, bytes, count);
		return;
	}
	reverse(bytes, len);
	if (extra) {
		bytes[0] = (unsigned char)(bytes[0] << (8 - extra));
		add_bits(out, bytes, extra);
		add_bits(out, bytes + 1, count - extra);
	} else {
		add_bits(out, bytes, count);
	}
}

/* IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits; ties to even. */
static uint64_t
half_bits(double value)
{
	uint64_t all;
	memcpy(&all, &value, sizeof(all));
	uint64_t sign = all >> 63 << 15, fraction = all & 0xfffffffffffff;
	int exponent = (int)(all >> 52 & 0x7ff) - 1023 + 15;
	unsigned shift = 42;

	if (all << 1 == 0 || exponent < -11)
		return sign;
	if (exponent > 30)
		return sign | HALF_INFINITY;
	fraction |= (uint64_t)1 << 52;
	if (exponent <= 0) {
		shift += (unsigned)(1 - exponent);
		exponent = 1;
	}
	uint64_t kept = fraction >> shift, rest = fraction << (64 - shift);
	if (rest > (uint64_t)1 << 63 || (rest == (uint64_t)1 << 63 && (kept & 1)))
		kept++;
	kept += (uint64_t)(exponent - 1) << 10; /* the hidden bit adds the missing one */
	return sign | (kept < HALF_INFINITY ? kept : HALF_INFINITY);
}

static bool
add_float(struct parser *p, const struct field *f, const struct term *value, size_t count,
	struct bits *out)
{
	double real = value->real;
	unsigned char bytes[8];
	uint64_t bits = 0;

	if (value->kind != TERM_FLOAT && !number_to_double(p->scan.arena, value, &real))
		return fault(p, f, "this integer is too large for a float; write a smaller one");
	if (count == 64) {
		memcpy(&bits, &real, sizeof(bits));
	} else if (count == 32) {
		float single = (float)real;
		uint32_t low;

		memcpy(&low, &single, sizeof(low));
		bits = low;
	} else if (count == 16 && p->scan.otp >= HALF_FLOATS_OTP) {
		bits = half_bits(real);
	} else {
		return fault(p, f,
			"a float in a binary has 64, 32 or (from OTP 24 on) 16 bits; correct its size");
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(bits >> 8 * i);
	add_integer_bits(out, bytes, count, f->endian >= ENDIAN_LITTLE);
	return true;
}

static bool
add_utf(struct parser *p, const struct field *f, const struct term *value, struct bits *out)
{
	unsigned char bytes[4];
	bool little = f->endian >= ENDIAN_LITTLE;

	if (value->kind != TERM_INTEGER || value->integer < 0 || value->integer > 0x10ffff ||
		!utf8_is_scalar((uint32_t)value->integer))
		return fault(p, f,
			"this is not a Unicode character, which utf8, utf16 and utf32 "
			"need; correct it");

	uint32_t code = (uint32_t)value->integer;
	if (f->type == FIELD_UTF8) {
		struct buf text = {.arena = p->scan.arena};

		utf8_add(&text, code);
		add_bits(out, (unsigned char *)text.at, text.len * 8);
		return true;
	}
	if (f->type == FIELD_UTF16 && code > 0xffff) {
		uint32_t high = 0xd800 + ((code - 0x10000) >> 10);

		bytes[0] = (unsigned char)high;
		bytes[1] = (unsigned char)(high >> 8);
		add_integer_bits(out, bytes, 16, little);
		code = 0xdc00 + (code & 0x3ff);
	}
	for (int i = 0; i < 4; i++)
		bytes[i] = (unsigned char)(code >> 8 * i);
	add_integer_bits(out, bytes, f->type == FIELD_UTF16 ? 16 : 32, little);
	return true;
}

static bool
add_binary(struct parser *p, const struct field *f, const struct term *value, struct bits *out)
{
	size_t have, want;

	if (value->kind != TERM_BITS)
		return fault(p, f, "this is not a binary, though its type says so; correct it");
	have = want = value->bits.bytes.len * 8 - value->bits.unused;
	if (f->size >= 0)
		want = (size_t)(f->size * f->unit);
	else if (have % (size_t)f->unit != 0)
		return fault(p, f, "the bits of this are no multiple of the unit; use /bitstring");
	if (want > have)
		return fault(p, f, "the size is larger than the binary; correct it");
	add_bits(out, (const unsigned char *)value->bits.bytes.at, want);
	return true;
}

static bool
add_value(struct parser *p, const struct field *f, const struct term *value, struct bits *out)
{
	bool integer = value->kind == TERM_INTEGER || value->kind == TERM_BIG;
	size_t count = 0;

	if (f->type == FIELD_BINARY)
		return add_binary(p, f, value, out);
	if (f->type >= FIELD_UTF8)
		return add_utf(p, f, value, out);
	if (!integer && !(f->type == FIELD_FLOAT && value->kind == TERM_FLOAT))
		return fault(p, f,
			"this is not a number; say its type, as in <<X/binary>>, or correct it");
	count = (size_t)(f->size * f->unit);
	if (f->type == FIELD_FLOAT)
		return add_float(p, f, value, count, out);
	if (count > WORD_BITS) {
		p->sized += count;
		if (p->sized > MAX_BITS)
			return too_large(p, f);
	}

	unsigned char *bytes = arena_array(p->scan.arena, unsigned char, (count + 7) / 8 + 1);
	number_bytes(value, bytes, (count + 7) / 8);
	add_integer_bits(out, bytes, count, f->endian >= ENDIAN_LITTLE);
	return true;
}

static bool
set(struct parser *p, const struct field *f, int *slot, int value)
{
	if (*slot != 0 && *slot != value)
		return fault(p, f, "two type specifiers contradict each other; keep one");
	*slot = value;
	return true;
}

static bool
set_unit(struct parser *p, struct field *f, int64_t unit)
{
	if (unit < 1 || unit > MAX_UNIT)
		return fault(p, f, "the unit must be 1 to 256");
	if (f->unit != 0 && f->unit != unit)
		return fault(p, f, "two units contradict each other; keep one");
	f->unit = unit;
	return true;
}

enum slot { SLOT_TYPE, SLOT_SIGN, SLOT_ENDIAN };

static const struct {
	struct str word;
	enum slot slot;
	int value, unit;
} specifiers[] = {
	{STR_INIT("integer"), SLOT_TYPE, FIELD_INTEGER, 0},
	{STR_INIT("float"), SLOT_TYPE, FIELD_FLOAT, 0},
	{STR_INIT("binary"), SLOT_TYPE, FIELD_BINARY, 0},
	{STR_INIT("bytes"), SLOT_TYPE, FIELD_BINARY, 8},
	{STR_INIT("bitstring"), SLOT_TYPE, FIELD_BINARY, 1},
	{STR_INIT("bits"), SLOT_TYPE, FIELD_BINARY, 1},
	{STR_INIT("utf8"), SLOT_TYPE, FIELD_UTF8, 0},
	{STR_INIT("utf16"), SLOT_TYPE, FIELD_UTF16, 0},
	{STR_INIT("utf32"), SLOT_TYPE, FIELD_UTF32, 0},
	{STR_INIT("signed"), SLOT_SIGN, SIGN_SIGNED, 0},
	{STR_INIT("unsigned"), SLOT_SIGN, SIGN_UNSIGNED, 0},
	{STR_INIT("big"), SLOT_ENDIAN, ENDIAN_BIG, 0},
	{STR_INIT("little"), SLOT_ENDIAN, ENDIAN_LITTLE, 0},
	{STR_INIT("native"), SLOT_ENDIAN, ENDIAN_NATIVE, 0},
};

/* One word of the type list, with ":unit" read already. */
static bool
apply_specifier(struct parser *p, struct field *f, struct str word)
{
	for (size_t i = 0; i < sizeof(specifiers) / sizeof(specifiers[0]); i++) {
		int slots[] = {(int)f->type, (int)f->sign, (int)f->endian};

		if (!str_eq(word, specifiers[i].word))
			continue;
		if (!set(p, f, &slots[specifiers[i].slot], specifiers[i].value))
			return false;
		f->type = (enum field_type)slots[SLOT_TYPE];
		f->sign = (enum field_sign)slots[SLOT_SIGN];
		f->endian = (enum field_endian)slots[SLOT_ENDIAN];
		return specifiers[i].unit == 0 || set_unit(p, f, specifiers[i].unit);
	}
	return diag_error(p->scan.diag, f->pos,
		"'" STR_FMT "' is no type of a binary; use integer, float, binary, bitstring, "
		"utf8, utf16, utf32, signed, unsigned, big, little, native or unit:N",
		STR_ARG(word));
}

/* After "/": specifiers separated by "-". */
static bool
parse_specifiers(struct parser *p, struct field *f)
{
	do {
		if (!parse_next(p))
			return false;
		if (p->token.kind != TOKEN_ATOM)
			return parse_unexpected(p, "a type of the binary");
		struct str word = p->token.text;
		if (!parse_next(p))
			return false;
		if (!parse_at(p, ":")) {
			if (!apply_specifier(p, f, word))
				return false;
			continue;
		}
		if (!parse_next(p))
			return false;
		if (!str_eq(word, STR("unit")) || p->token.kind != TOKEN_NUMBER ||
			p->token.number.kind != TERM_INTEGER)
			return parse_unexpected(p, "unit:N");
		if (!set_unit(p, f, p->token.number.integer) || !parse_next(p))
			return false;
	} while (parse_at(p, "-"));
	return true;
}

/* What holds where nothing is said. */
static bool
apply_defaults(struct parser *p, struct field *f)
{
	if (f->type == FIELD_UNSET)
		f->type = FIELD_INTEGER;
	if (f->type >= FIELD_UTF8) {
		if (f->size >= 0 || f->unit != 0)
			return fault(
				p, f, "utf8, utf16 and utf32 take no size and no unit; remove it");
		return true;
	}
	if (f->type != FIELD_BINARY && f->size < 0) {
		if (f->unit != 0)
			return fault(p, f, "a unit needs a size before it, as in <<1:2/unit:8>>");
		f->size = f->type == FIELD_FLOAT ? 64 : 8;
	}
	if (f->unit == 0)
		f->unit = f->type == FIELD_BINARY ? 8 : 1;
	if (f->size > MAX_BITS / f->unit)
		return too_large(p, f);
	return true;
}

static bool
parse_size(struct parser *p, struct field *f)
{
	struct term size;

	if (!parse_next(p) || !parse_primary(p, &size))
		return false;
	if (size.kind != TERM_INTEGER || size.integer < 0)
		return fault(p, f, "the size in a binary must be an integer, not negative");
	f->size = size.integer;
	return true;
}

/* Each character on its own. Even "" must have a type that takes characters. */
static bool
add_string(struct parser *p, const struct field *f, struct str text, struct bits *out)
{
	struct bits none = {.bytes = {.arena = p->scan.arena}};
	struct term value = term_integer(0);
	uint32_t code;
	size_t len;

	if (text.len == 0)
		return add_value(p, f, &value, &none);
	for (size_t pos = 0; (len = utf8_decode(text, pos, &code)) > 0; pos += len) {
		value = term_integer(code);
		if (!add_value(p, f, &value, out))
			return false;
	}
	return true;
}

static bool
parse_field(struct parser *p, struct bits *out)
{
	struct field f = {.pos = parse_pos(p, &p->token), .size = -1};
	struct token string;
	struct term value;
	bool is_string = p->token.kind == TOKEN_STRING || p->token.kind == TOKEN_SIGIL;

	if (is_string                                  ? !parse_strings(p, &string)
		: parse_at(p, "-") || parse_at(p, "+") ? !parse_signed(p, &value)
						       : !parse_primary(p, &value))
		return false;
	if (parse_at(p, ":") && !parse_size(p, &f))
		return false;
	if (parse_at(p, "/") && !parse_specifiers(p, &f))
		return false;
	if (!apply_defaults(p, &f))
		return false;
	return is_string ? add_string(p, &f, string.text, out) : add_value(p, &f, &value, out);
}

bool
parse_bits(struct parser *p, struct term *term)
{
	struct bits out = {.bytes = {.arena = p->scan.arena}};
	struct token opener = p->token;

	if (!parse_next(p))
		return false;
	while (!parse_at(p, ">>")) {
		if (!parse_field(p, &out))
			return false;
		if (parse_at(p, ">>"))
			break;
		if (!parse_at(p, ",")) {
			parse_unexpected(p, "',' or '>>'");
			diag_note(p->scan.diag, parse_pos(p, &opener), "the binary begins here");
			return false;
		}
		if (!parse_next(p))
			return false;
		if (parse_at(p, ">>"))
			return parse_unexpected(p, "a value");
	}
	*term = (struct term){.kind = TERM_BITS, .bits = {buf_view(&out.bytes), out.unused}};
	return parse_next(p);
}
