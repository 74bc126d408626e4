/* Made-up applications, of hand-made modules. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "otp/appup_make.h"
#include "support/arena.h"

enum { OTP = 25, MOST = 16 };

struct atoms {
	struct arena *arena;
	struct str at[MOST];
	uint32_t len;
};

static uint32_t
atom(struct atoms *atoms, struct str name)
{
	for (uint32_t i = 0; i < atoms->len; i++)
		if (str_eq(atoms->at[i], name))
			return i + 1;
	assert_true(atoms->len < MOST);
	atoms->at[atoms->len++] = name;
	return atoms->len;
}

static void
add_chunk(struct buf *out, const char *id, struct str data)
{
	buf_add(out, id, 4);
	buf_be32(out, (uint32_t)data.len);
	buf_str(out, data);
	buf_add(out, "\0\0\0", -data.len & 3);
}

static void
add_function(struct buf *out, uint32_t a, uint32_t b, uint32_t c)
{
	buf_be32(out, a);
	buf_be32(out, b);
	buf_be32(out, c);
}

struct parts {
	struct atoms atoms;
	struct buf code, imports, exports;
	uint32_t imported, exported;
	struct str behaviour;
	bool unlisted;
};

static void
take_part(struct parts *parts, char kind, struct str word)
{
	struct str module;

	switch (kind) {
	case '>':
		str_next(&word, ':', &module);
		add_function(&parts->imports, atom(&parts->atoms, module),
			atom(&parts->atoms, word.at ? word : STR("f")), 0);
		parts->imported++;
		break;
	case '+':
		add_function(&parts->exports, atom(&parts->atoms, word), 0, 1);
		parts->exported++;
		break;
	case '*':
		add_function(&parts->exports, atom(&parts->atoms, STR("code_change")), 3, 1);
		parts->exported++;
		break;
	case '!':
		parts->behaviour = word;
		break;
	case '?':
		parts->unlisted = true;
		break;
	case '=':
		buf_str(&parts->code, word);
		break;
	default:
		fail();
	}
}

static struct str
counted(struct arena *arena, uint32_t count, struct str rest)
{
	struct buf out = {.arena = arena};

	buf_be32(&out, count);
	buf_str(&out, rest);
	return buf_view(&out);
}

static struct str
assemble(struct arena *arena, struct parts *parts)
{
	struct buf chunks = {.arena = arena}, out = {.arena = arena}, names = {.arena = arena};
	struct buf attributes = {.arena = arena};

	for (uint32_t i = 0; i < parts->atoms.len; i++) {
		buf_byte(&names, (unsigned)parts->atoms.at[i].len);
		buf_str(&names, parts->atoms.at[i]);
	}
	add_chunk(&chunks, "AtU8", counted(arena, parts->atoms.len, buf_view(&names)));
	add_chunk(&chunks, "Code", counted(arena, 0, buf_view(&parts->code)));
	add_chunk(&chunks, "StrT", STR(""));
	add_chunk(&chunks, "ImpT", counted(arena, parts->imported, buf_view(&parts->imports)));
	add_chunk(&chunks, "ExpT", counted(arena, parts->exported, buf_view(&parts->exports)));
	if (parts->behaviour.len) {
		struct term name = term_atom(parts->behaviour);
		struct term pair =
			TERM_TUPLE(arena, term_atom(STR("behaviour")), term_list(arena, &name, 1));
		struct term list = term_list(arena, &pair, 1);

		term_encode(&attributes, &list, OTP);
		add_chunk(&chunks, "Attr", buf_view(&attributes));
	}
	buf_str(&out, STR("FOR1"));
	buf_be32(&out, (uint32_t)chunks.len + 4);
	buf_str(&out, STR("BEAM"));
	buf_str(&out, buf_view(&chunks));
	return buf_view(&out);
}

static bool
is_sign(char c)
{
	return c && strchr("=>+!*?", c);
}

/* Takes "NAME=CODE>..." apart. */
static struct appup_module
make_module(struct arena *arena, struct str text, bool *listed)
{
	struct parts parts = {.atoms = {.arena = arena},
		.code = {.arena = arena},
		.imports = {.arena = arena},
		.exports = {.arena = arena}};
	struct appup_module module = {.name = str_head(text, 0)};
	struct buf file = {.arena = arena};
	size_t end = 0;

	while (end < text.len && !is_sign(text.at[end]))
		end++;
	module.name = str_head(text, end);
	atom(&parts.atoms, module.name);
	add_function(&parts.exports, atom(&parts.atoms, STR("f")), 0, 1);
	parts.exported++;
	while (end < text.len) {
		size_t start = end + 1;

		for (end = start; end < text.len && !is_sign(text.at[end]); end++)
			continue;
		take_part(&parts, text.at[start - 1], (struct str){text.at + start, end - start});
	}
	buf_printf(&file, STR_FMT ".beam", STR_ARG(module.name));
	buf_byte(&file, 0);
	module.file = file.at;
	module.bytes = assemble(arena, &parts);
	*listed = !parts.unlisted;
	return module;
}

/*
 * A version is modules, separated by blanks: NAME=CODE, where CODE is any word; then, in any order,
 *     >OTHER        calls OTHER:f/0
 *     >OTHER:x      calls OTHER:x/0
 *     +x            exports x/0
 *     !BEHAVIOUR    has this behaviour
 *     *             exports a code_change/3 that nobody understands
 *     ?             is not in the .app
 */
static struct appup_version
make_version(struct arena *arena, const char *number, const char *text)
{
	struct application *app = arena_new(arena, struct application);
	struct appup_module *modules = arena_array(arena, struct appup_module, MOST);
	struct appup_version version = {.app = app, .modules = modules};
	struct str rest = {text, strlen(text)}, word;

	app->name = STR("app");
	app->version = (struct str){number, strlen(number)};
	app->modules.at = arena_array(arena, struct str, MOST);
	app->has_mod = true;
	app->mod = TERM_TUPLE(arena, term_atom(STR("mod")), term_list(arena, NULL, 0));
	while (str_next(&rest, ' ', &word)) {
		bool listed;

		modules[version.modules_len] = make_module(arena, word, &listed);
		if (listed)
			app->modules.at[app->modules.len++] = modules[version.modules_len].name;
		version.modules_len++;
	}
	return version;
}
