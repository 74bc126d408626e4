#include "otp/version.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

unsigned
otp_of_erts(struct str erts)
{
	enum { ERTS_OF_OTP_23 = 11 }; /* both have counted in step since */
	unsigned major = 0;
	size_t i = 0;

	for (; i < erts.len && i < 3 && is_digit(erts.at[i]); i++)
		major = major * 10 + (unsigned)(erts.at[i] - '0');
	if (i == 0 || (i < erts.len && erts.at[i] != '.' && erts.at[i] != '-'))
		return 0;

	unsigned otp = major - ERTS_OF_OTP_23 + OTP_OLDEST;
	return otp >= OTP_OLDEST && otp <= OTP_NEWEST ? otp : 0;
}

/* Cuts the digits at *at off `s`, without leading zeros. */
static struct str
take_number(struct str s, size_t *at)
{
	while (*at < s.len && s.at[*at] == '0')
		++*at;

	size_t from = *at;
	while (*at < s.len && is_digit(s.at[*at]))
		++*at;
	return (struct str){s.at + from, *at - from};
}

static int
number_order(struct str a, struct str b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len ? memcmp(a.at, b.at, a.len) : 0;
}

/* The rank of what stands at `i`: '~' and '-' come before the end, everything else after it. */
static int
rank(struct str s, size_t i)
{
	if (i == s.len)
		return 2;
	return s.at[i] == '~' ? 0 : s.at[i] == '-' ? 1 : 3 + (unsigned char)s.at[i];
}

int
version_order(struct str a, struct str b)
{
	size_t i = 0, j = 0;

	while (i < a.len || j < b.len) {
		int order;

		if (i < a.len && j < b.len && is_digit(a.at[i]) && is_digit(b.at[j])) {
			struct str number = take_number(a, &i);
			order = number_order(number, take_number(b, &j));
		} else {
			order = rank(a, i) - rank(b, j);
			i++, j++;
		}
		if (order != 0)
			return order;
	}
	/* "1.01" and "1.1" are equal numbers and different texts */
	return a.len != b.len ? (a.len < b.len ? -1 : 1) : a.len ? memcmp(a.at, b.at, a.len) : 0;
}

static const struct str start_names[] = {
	[OTP_NONE] = STR_INIT("none"),
	[OTP_LOAD] = STR_INIT("load"),
	[OTP_TEMPORARY] = STR_INIT("temporary"),
	[OTP_TRANSIENT] = STR_INIT("transient"),
	[OTP_PERMANENT] = STR_INIT("permanent"),
};

struct str
otp_start_name(enum otp_start start)
{
	return start_names[start];
}

bool
otp_start_parse(struct str name, enum otp_start *start)
{
	for (unsigned i = OTP_NONE; i <= OTP_PERMANENT; i++) {
		if (str_eq(name, start_names[i])) {
			*start = (enum otp_start)i;
			return true;
		}
	}
	return false;
}
