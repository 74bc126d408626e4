/* Integers, based integers, floats; underscores between digits. */
#include <math.h>
#include <stdlib.h>

#include "support/arena.h"
#include "term/number.h"
#include "term/scan.h"

enum { MAX_BASE = 36, BASED_FLOAT_OTP = 28 };

static bool
is_digit_of(char c, unsigned base)
{
	unsigned value = 99;

	if (scan_is_digit(c))
		value = (unsigned)(c - '0');
	else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		value = (unsigned)((c | 0x20) - 'a') + 10;
	return value < base;
}

/* Digits, with single underscores between them, which are left out. */
static struct str
take_digits(struct scanner *s, unsigned base)
{
	struct buf digits = {.arena = s->arena};
	bool last_is_digit = false;

	for (;;) {
		char c = scan_peek(s, 0);

		if (is_digit_of(c, base))
			buf_byte(&digits, (unsigned char)c);
		else if (c != '_' || !last_is_digit || !is_digit_of(scan_peek(s, 1), base))
			break;
		last_is_digit = c != '_';
		scan_skip(s, 1);
	}
	return buf_view(&digits);
}

static bool
finish_integer(struct scanner *s, struct token *token, struct str digits, unsigned base)
{
	if (number_parse(s->arena, digits, base, &token->number))
		return true;
	return diag_error(s->diag, scan_start(s, token),
		"this integer has more than %d digits; shorten it", NUMBER_MAX_DIGITS);
}

static bool
finish_float(struct scanner *s, struct token *token, struct str text)
{
	double value = 0;

	if (!number_float(s->arena, text, &value))
		return diag_error(s->diag, scan_start(s, token),
			"this float is larger than 1.7976931348623157e308; write a smaller one");
	token->number = (struct term){.kind = TERM_FLOAT, .real = value};
	return true;
}

/* The sign, if there is one, and digits. */
static struct str
take_exponent(struct scanner *s)
{
	struct buf text = {.arena = s->arena};

	if (scan_peek(s, 0) == '+' || scan_peek(s, 0) == '-') {
		buf_byte(&text, (unsigned char)scan_peek(s, 0));
		scan_skip(s, 1);
	}
	struct str digits = take_digits(s, 10);
	if (digits.len == 0)
		return digits;
	buf_str(&text, digits);
	return buf_view(&text);
}

static bool
no_exponent(struct scanner *s, struct token *token)
{
	return diag_error(s->diag, scan_start(s, token),
		"this float has no digits after its 'e'; add an exponent as in 1.0e10");
}

/* After the integer part and with the point ahead. */
static bool
scan_fraction(struct scanner *s, struct token *token, struct str whole)
{
	struct buf text = {.arena = s->arena};

	scan_skip(s, 1);
	buf_str(&text, whole);
	buf_byte(&text, '.');
	buf_str(&text, take_digits(s, 10));
	if ((scan_peek(s, 0) | 0x20) == 'e') {
		scan_skip(s, 1);
		struct str exponent = take_exponent(s);
		if (exponent.len == 0)
			return no_exponent(s, token);
		buf_byte(&text, 'e');
		buf_str(&text, exponent);
	}
	return finish_float(s, token, buf_view(&text));
}

/*
 * 16#1.8#e2 is 24 * 16^(2-1). The digits without the point are an integer, to be scaled by one
 * multiplication, because that is what OTP computes, rounding twice.
 */
static bool
finish_based_float(struct scanner *s, struct token *token, struct str whole, struct str fraction,
	unsigned base, struct str exponent)
{
	struct buf digits = {.arena = s->arena}, text = {.arena = s->arena};
	struct term integer;
	double value, power;

	while (fraction.len > 1 && fraction.at[fraction.len - 1] == '0')
		fraction.len--;
	if (base == 10) {
		buf_str(&text, whole);
		buf_byte(&text, '.');
		buf_str(&text, fraction);
		if (exponent.len) {
			buf_byte(&text, 'e');
			buf_str(&text, exponent);
		}
		return finish_float(s, token, buf_view(&text));
	}
	buf_str(&digits, whole);
	buf_str(&digits, fraction);
	buf_str(&text, exponent.len ? exponent : STR("0"));
	buf_byte(&text, 0);
	power = strtod(text.at, NULL) - (double)fraction.len; /* no point in it, no locale */
	power = pow(base, power);
	if (!number_parse(s->arena, buf_view(&digits), base, &integer) ||
		!number_to_double(s->arena, &integer, &value) || !isfinite(power) ||
		!isfinite(value * power))
		return diag_error(s->diag, scan_start(s, token),
			"this float is too large; write a smaller one");
	token->number = (struct term){.kind = TERM_FLOAT, .real = value * power};
	return true;
}

/* With the point ahead. */
static bool
scan_based_float(struct scanner *s, struct token *token, struct str whole, unsigned base)
{
	struct str fraction, exponent = {0};

	scan_skip(s, 1);
	fraction = take_digits(s, base);
	if (scan_peek(s, 0) == '#' && (scan_peek(s, 1) | 0x20) == 'e') {
		scan_skip(s, 2);
		exponent = take_exponent(s);
		if (exponent.len == 0)
			return no_exponent(s, token);
	}
	return finish_based_float(s, token, whole, fraction, base, exponent);
}

static bool
scan_based(struct scanner *s, struct token *token, struct str whole)
{
	unsigned base = 0;

	for (size_t i = 0; i < whole.len && base <= MAX_BASE; i++)
		base = base * 10 + (unsigned)(whole.at[i] - '0');
	if (base < 2 || base > MAX_BASE)
		return diag_error(s->diag, scan_start(s, token),
			"the base of an integer must be 2 to 36, as in 16#ff");
	scan_skip(s, 1);

	struct str digits = take_digits(s, base);
	bool fraction = s->otp >= BASED_FLOAT_OTP && scan_peek(s, 0) == '.' &&
			is_digit_of(scan_peek(s, 1), base);
	if (fraction && (digits.len || base != 10)) /* OTP takes 16#.8, but not 10#.5 */
		return scan_based_float(s, token, digits, base);
	if (digits.len == 0)
		return diag_error(s->diag, scan_start(s, token),
			"no digit of base %u follows the '#'; add one", base);
	return finish_integer(s, token, digits, base);
}

bool
scan_number(struct scanner *s, struct token *token)
{
	struct str whole = take_digits(s, 10);

	token->kind = TOKEN_NUMBER;
	if (scan_peek(s, 0) == '.' && scan_is_digit(scan_peek(s, 1)))
		return scan_fraction(s, token, whole);
	if (scan_peek(s, 0) == '#')
		return scan_based(s, token, whole);
	return finish_integer(s, token, whole, 10);
}
