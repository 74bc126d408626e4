/*
 * Input: a template of configuration. Scanning it never crashes; it fails if and only if an error
 * is reported; what stands for the variables has as many lines and characters as they have, and all
 * else is as it was.
 */
#include <stdint.h>
#include <stdlib.h>

#include "otp/fill.h"
#include "support/arena.h"
#include "term/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static void
check(const struct fill *fill)
{
	struct str plain = buf_view(&fill->plain);
	size_t from = 0, at = 0, want, got;
	struct buf script = {.arena = fill->arena};

	for (size_t i = 0; i < fill->len; i++) {
		const struct fill_hole *hole = &fill->at[i];
		size_t start = (size_t)(hole->source.at - fill->text.at);

		must(start >= from && hole->at >= at && start - from == hole->at - at);
		must(memcmp(fill->text.at + from, plain.at + at, start - from) == 0);
		must(hole->pos.line > 0 && hole->pos.column > 0);
		must(hole->kind == FILL_COMMENT || hole->name.len > 0);
		from = start + hole->source.len;
		at = hole->at + hole->len;
	}
	must(fill->text.len - from == plain.len - at);
	must(utf8_count(fill->text, &want) && utf8_count(plain, &got) && want == got);
	fill_script(&script, fill, STR("x.src"));
	must(script.len > 0 && script.at[script.len - 1] == '\n');
}

static void
scan(struct str text, unsigned otp, bool (*scan_it)(struct fill *, struct diag *))
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct fill fill = {.arena = &arena, .file = "x", .text = text, .otp = otp};

	bool ok = scan_it(&fill, &diag);
	must(ok == (diag.errors == 0));
	if (ok)
		check(&fill);
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};

	scan(text, 25, fill_scan_terms);
	scan(text, 27, fill_scan_terms);
	scan(text, 25, fill_scan_arguments);
	scan(text, 27, fill_scan_arguments);
	return 0;
}
