#include "image/untar_number.h"

bool
untar_number(struct str field, int64_t *value)
{
	const unsigned char *at = (const unsigned char *)field.at;
	size_t i = 0;

	*value = 0;
	if (at[0] & 0x80) {
		bool negative = at[0] & 0x40;
		unsigned char rest = negative ? 0xff : 0;

		if (at[0] != (negative ? 0xff : 0x80))
			return false;
		for (i = 1; i + 8 < field.len; i++)
			if (at[i] != rest)
				return false;
		/* Seven bytes in the short fields, eight in the long ones. */
		uint64_t bits = negative ? UINT64_MAX : 0;
		for (; i < field.len; i++)
			bits = bits << 8 | at[i];
		*value = (int64_t)bits;
		return (*value < 0) == negative;
	}
	while (i < field.len && at[i] == ' ')
		i++;
	for (; i < field.len && at[i] >= '0' && at[i] <= '7'; i++)
		*value = *value * 8 + (at[i] - '0');
	for (; i < field.len; i++)
		if (at[i] != '\0' && at[i] != ' ')
			return false;
	return true;
}

bool
untar_decimal(struct str text, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < '0' || text.at[i] > '9' ||
			__builtin_mul_overflow(*value, 10, value) ||
			__builtin_add_overflow(*value, (uint64_t)(text.at[i] - '0'), value))
			return false;
	return text.len > 0;
}

bool
untar_seconds(struct str text, int64_t *value)
{
	bool negative = text.len > 0 && text.at[0] == '-';
	struct str rest = negative ? (struct str){text.at + 1, text.len - 1} : text, whole;
	uint64_t number_of, fraction = 0;

	if (!str_next(&rest, '.', &whole) || !untar_decimal(whole, &number_of) ||
		number_of > INT64_MAX / 2)
		return false;
	for (size_t i = 0; i < rest.len; i++) {
		if (rest.at[i] < '0' || rest.at[i] > '9')
			return false;
		fraction |= (uint64_t)(rest.at[i] - '0');
	}
	*value = negative ? -(int64_t)number_of - (fraction != 0) : (int64_t)number_of;
	return true;
}
