/* Input: an ELF file, perhaps. Nothing may crash; texts are those of the input, and names are
 * names. */
#include <stdint.h>
#include <stdlib.h>

#include "elf/elf.h"
#include "support/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static void
check_text(struct str bytes, struct str text)
{
	if (!text.at)
		return;
	must(text.at >= bytes.at && text.at + text.len <= bytes.at + bytes.len);
	must(text.len == 0 || !memchr(text.at, '\0', text.len));
}

static void
check_versions(struct str bytes, const struct elf_version *versions, size_t len, bool defined)
{
	must(len <= bytes.len);
	for (size_t i = 0; i < len; i++) {
		must(versions[i].name.at != NULL);
		must(!versions[i].file.at == defined);
		check_text(bytes, versions[i].file);
		check_text(bytes, versions[i].name);
		check_text(bytes, versions[i].symbol);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	const char *fault = NULL, *variant = NULL;
	struct arena arena = {0};
	struct elf elf;

	bool ok = elf_read(&arena, bytes, &elf, &fault);
	must(ok == !fault);
	if (ok) {
		must(elf_is(bytes));
		elf_architecture(&elf, &variant);
		must(variant != NULL);
		check_text(bytes, elf.interpreter);
		check_text(bytes, elf.soname);
		check_text(bytes, elf.rpath);
		check_text(bytes, elf.runpath);
		for (size_t i = 0; i < elf.needed_len; i++)
			check_text(bytes, elf.needed[i]);
		check_versions(bytes, elf.wanted, elf.wanted_len, false);
		check_versions(bytes, elf.defined, elf.defined_len, true);
	}
	arena_release(&arena);
	return 0;
}
