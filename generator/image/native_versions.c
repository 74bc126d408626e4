/* Versions of symbols: "GLIBC_2.34", "GLIBCXX_3.4.30". */
#include "image/native.h"

/* "GLIBC_2.34": "GLIBC_". Those of "GLIBC_PRIVATE" and "LIBFOO" stand alone. */
struct str
native_version_family(struct str version)
{
	size_t len = version.len;

	while (len > 0 && version.at[len - 1] != '_')
		len--;
	return str_head(version, len);
}

/* By the numbers in them. */
int
native_version_order(struct str a, struct str b)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		unsigned long x = 0, y = 0;
		bool digits = false;

		for (; i < a.len && a.at[i] >= '0' && a.at[i] <= '9'; i++, digits = true)
			x = x * 10 + (unsigned long)(a.at[i] - '0');
		for (; k < b.len && b.at[k] >= '0' && b.at[k] <= '9'; k++, digits = true)
			y = y * 10 + (unsigned long)(b.at[k] - '0');
		if (x != y)
			return x < y ? -1 : 1;
		if (digits)
			continue;
		if (a.at[i] != b.at[k])
			return (unsigned char)a.at[i] < (unsigned char)b.at[k] ? -1 : 1;
		i++;
		k++;
	}
	return (i < a.len) - (k < b.len);
}

bool
native_version_has(const struct elf *library, struct str name)
{
	for (size_t i = 0; i < library->defined_len; i++)
		if (str_eq(library->defined[i].name, name))
			return true;
	return library->defined_len == 0; /* without versions at all: ld.so takes what it finds */
}

/* The highest one of the same family; empty: there is none. */
struct str
native_version_highest(const struct elf *library, struct str name)
{
	struct str best = {0}, like = native_version_family(name);

	for (size_t i = 0; i < library->defined_len; i++) {
		struct str version = library->defined[i].name;

		if (str_eq(native_version_family(version), like) && version.len > like.len &&
			version.at[like.len] >= '0' && version.at[like.len] <= '9' &&
			(!best.at || native_version_order(best, version) < 0))
			best = version;
	}
	return best;
}
