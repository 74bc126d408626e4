#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/arena.h"
#include "term/number.h"

enum {
	MAX_DIGITS = 17,      /* enough for every double */
	MAX_EXPONENT = 99999, /* any text with a larger one is zero or infinite */
};

/* 0.DIGITS * 10^place */
struct decimal {
	char digits[MAX_DIGITS + 1]; /* one more to look at ties */
	int len, place;
};

/*
 * The text without its point, which strtod() would look up in the locale: 1.25e3 is 125e1.
 */
bool
number_float(struct arena *arena, struct str text, double *value)
{
	struct buf digits = {.arena = arena};
	long exponent = 0, scale = 0;
	size_t i = 0;
	bool fraction = false;

	for (; i < text.len && text.at[i] != 'e' && text.at[i] != 'E'; i++) {
		if (text.at[i] == '.') {
			fraction = true;
			continue;
		}
		buf_byte(&digits, (unsigned char)text.at[i]);
		scale -= fraction;
	}
	if (i < text.len) {
		bool negative = text.at[++i] == '-';

		for (i += text.at[i] == '-' || text.at[i] == '+'; i < text.len; i++)
			if (exponent < MAX_EXPONENT * 100L)
				exponent = exponent * 10 + (text.at[i] - '0');
		if (negative)
			exponent = -exponent;
	}
	buf_printf(&digits, "e%ld", exponent + scale);
	buf_byte(&digits, 0);
	*value = strtod(digits.at, NULL);
	return isfinite(*value);
}

static double
decimal_value(const struct decimal *d)
{
	char text[MAX_DIGITS + 16];

	snprintf(text, sizeof(text), "%.*se%d", d->len, d->digits, d->place - d->len);
	return strtod(text, NULL);
}

/* The digits of `value`, correctly rounded to `len` of them. */
static void
rounded(double value, int len, struct decimal *d)
{
	char text[MAX_DIGITS + 16];
	const char *p = text;

	snprintf(text, sizeof(text), "%.*e", len - 1, value);
	d->len = 0;
	for (; *p != 'e'; p++) /* skips the decimal point, whatever the locale has there */
		if (*p >= '0' && *p <= '9')
			d->digits[d->len++] = *p;
	assert(d->len == len);
	d->place = (int)strtol(p + 1, NULL, 10) + 1;
}

/* One unit more in the last place. */
static void
step_up(struct decimal *d)
{
	int i = d->len - 1;

	while (i >= 0 && d->digits[i] == '9')
		d->digits[i--] = '0';
	if (i >= 0) {
		d->digits[i]++;
	} else {
		d->digits[0] = '1'; /* the others are zero now */
		d->place++;
	}
}

/* Exactly halfway between two decimals of this length, and rounded down to even? */
static bool
tie_rounded_down(double value, const struct decimal *d)
{
	struct decimal more = {.len = 0};
	char exact[1200]; /* no double has more than 767 digits */
	const char *p;

	rounded(value, d->len + 1, &more);
	if (more.digits[d->len] != '5' || memcmp(more.digits, d->digits, (size_t)d->len) != 0)
		return false;
	snprintf(exact, sizeof(exact), "%.*e", 800, value);
	int digit = 0;
	for (p = exact; *p != 'e'; p++)
		if (*p >= '0' && *p <= '9' && ++digit > d->len + 1 && *p != '0')
			return false;
	return true;
}

/*
 * The shortest digits that read back as `value`; of those, the nearest to it. At a power of two
 * the numbers below are closer together than those above, so that the correctly rounded
 * decimal can miss while its neighbour above hits. Before OTP 25, ties went up, not to even.
 */
static void
shortest(double value, unsigned otp, struct decimal *d)
{
	for (int len = 1; len <= MAX_DIGITS; len++) {
		struct decimal up;

		rounded(value, len, d);
		up = *d;
		step_up(&up);
		bool hit = decimal_value(d) == value;
		if (decimal_value(&up) == value &&
			(!hit || (otp < 25 && tie_rounded_down(value, d)))) {
			*d = up;
			hit = true;
		}
		if (hit)
			break;
	}
	while (d->len > 1 && d->digits[d->len - 1] == '0')
		d->len--;
}

static void
zeros(struct buf *out, int count)
{
	while (count-- > 0)
		buf_byte(out, '0');
}

static void
print_scientific(struct buf *out, const struct decimal *d)
{
	buf_byte(out, (unsigned char)d->digits[0]);
	buf_byte(out, '.');
	if (d->len == 1)
		buf_byte(out, '0');
	buf_add(out, d->digits + 1, (size_t)d->len - 1);
	buf_printf(out, "e%d", d->place - 1);
}

static void
print_plain(struct buf *out, const struct decimal *d)
{
	int before = d->place < 0 ? 0 : d->place < d->len ? d->place : d->len;

	buf_add(out, d->digits, (size_t)before);
	zeros(out, d->place > 0 ? d->place - before : 1);
	buf_byte(out, '.');
	zeros(out, d->place < 0 ? -d->place : 0);
	buf_add(out, d->digits + before, (size_t)(d->len - before));
	if (before == d->len)
		buf_byte(out, '0');
}

static int
plain_length(const struct decimal *d)
{
	if (d->place <= 0)
		return 2 - d->place + d->len;
	return d->place < d->len ? d->len + 1 : d->place + 2;
}

static int
scientific_length(const struct decimal *d)
{
	int exponent = d->place - 1, len = d->len == 1 ? 4 : d->len + 2; /* with the "e" */

	for (len += (exponent < 0) + 1; exponent / 10 != 0; exponent /= 10)
		len++;
	return len;
}

void
number_print_float(struct buf *out, double value, unsigned otp)
{
	struct decimal d;

	if (signbit(value) && (value != 0 || otp >= 25))
		buf_byte(out, '-');
	value = fabs(value);
	if (value == 0) {
		buf_str(out, STR("0.0"));
		return;
	}
	shortest(value, otp, &d);

	bool large = otp >= 25 && value >= 9007199254740992.0; /* 2^53 */
	if (large || plain_length(&d) > scientific_length(&d))
		print_scientific(out, &d);
	else
		print_plain(out, &d);
}
