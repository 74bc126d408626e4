/*
 * Terms: text to printed text and diagnostics, bytes to text or fault, terms to bytes. What real
 * OTPs make of random terms is compared in tests/otp/term.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "support/arena.h"
#include "term/term.h"

enum { LIMIT = 4096 };

/* --- text --- */

struct text_row {
	const char *name;
	unsigned otp;
	struct str text;
	const char *want; /* each term printed on a line, or what diag_print() writes */
};

#define ROW(name, otp, text, want)              \
	{                                       \
		name, otp, STR_INIT(text), want \
	}

static struct text_row texts[] = {
	ROW("nothing", 27, " % only a comment\n", ""),
	ROW("terms, comments, any white space", 27, "a.% x\n\t{b , c}.\f[].\n", "a\n{b,c}\n[]\n"),
	ROW("numbers", 27, "[1_000, 16#fF, 36#z, $a, -$\\n, +1, - 1.5e3, (2)].",
		"[1000,255,35,97,-10,1,-1.5e3,2]\n"),
	ROW("integers of any size", 27,
		"{9223372036854775807, 9223372036854775808, "
		"-9223372036854775808, -9223372036854775809, 16#ffffffffffffffffffff}.",
		"{9223372036854775807,9223372036854775808,-9223372036854775808,\n"
		" -9223372036854775809,1208925819614629174706175}\n"),
	ROW("atoms", 25, "['', 'a b', a@B_1, '\xc3\xa9', \xc3\xa9t\xc3\xa9, 'it\\'s', maybe].",
		"['','a b',a@B_1,\xc3\xa9,\xc3\xa9t\xc3\xa9,'it\\'s',maybe]\n"),
	ROW("strings", 25, "{\"two\" \"\\x{20ac}\", \"\\x41\\101\\^a\\d\\s\", \"a\nb\", \"\\q\"}.",
		"{[116,119,111,8364],[65,65,1,127,32],\"a\\nb\",\"q\"}\n"),
	ROW("a coding comment", 27, "%% coding: latin-1\n\"\xe9\".", "\"\xc3\xa9\"\n"),
	ROW("improper lists", 27, "[a|b]. [a|[b|[c]]]. [a|[b|c]].", "[a|b]\n[a,b,c]\n[a,b|c]\n"),
	ROW("the last of equal keys stays", 27, "#{a => 1, 1 => b, 1.0 => c, a => 2}.",
		"#{1 => b,1.0 => c,a => 2}\n"),
	ROW("funs", 27, "fun lists:'a b'/3.", "fun lists:'a b'/3\n"),
	ROW("binaries", 27,
		"[<<\"a\" \"b\", 1:16/little, -1:4, 2:4>>, <<\"\xc3\xa9\"/utf8>>, <<1.5:16/float>>,\n"
		" << <<5:3>>/bits, 1:1>>, <<>>, <<\"\">>, <<\"\xc3\xa9\">>, <<7>>].",
		"[<<97,98,1,0,242>>,<<\"\xc3\xa9\"/utf8>>,<<62,0>>,<<11:4>>,<<>>,<<>>,<<\"\xc3\xa9\">>,<<7>>]\n"),
	ROW("sigils", 27, "{~\"a\\n\", ~s(b), ~S/c\\/, ~b[d], ~B{e\\}}.",
		"{<<\"a\\n\">>,\"b\",\"c\\\\\",<<\"d\">>,<<\"e\\\\\">>}\n"),
	ROW("three quotes", 27, "\"\"\"\n  a\n    \"b\"\n\n  \"\"\".", "\"a\\n  \\\"b\\\"\\n\"\n"),
	ROW("three quotes before OTP 27", 25, "\"\"\"\n  a\n  \"\"\".", "\"\\n  a\\n  \"\n"),
	ROW("floats in other bases", 29, "16#1.8#e2.", "384.0\n"),
	ROW("floats, shortest", 27,
		"[0.1, 1.0e22, 1.0e23, 5.0e-324, 123456.0, 0.001, 9007199254740992.0].",
		"[0.1,1.0e22,1.0e23,5.0e-324,123456.0,0.001,9.007199254740992e15]\n"),

	ROW("lines: elements behind a tag", 25,
		"{some_quite_long_tag,[first,\"second string\",{third,3.0}],\n"
		"                     #{key => value,\"another key\" => [a,b,c]},\n"
		"                     <<0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>>,\n"
		"                     last_element}.",
		"{some_quite_long_tag,[first,\"second string\",{third,3.0}],\n"
		"                     #{key => value,\"another key\" => [a,b,c]},\n"
		"                     <<0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0>>,\n"
		"                     last_element}\n"),
	ROW("lines: an improper tail", 25,
		"[{application,shop,\n"
		"              [{vsn,\"1.0\"},\n"
		"               {modules,[shop_app,shop_sup,shop_cart,shop_basket,shop_order,\n"
		"                         shop_mail]},\n"
		"               {env,[]}]}|\n"
		" improper].",
		"[{application,shop,\n"
		"              [{vsn,\"1.0\"},\n"
		"               {modules,[shop_app,shop_sup,shop_cart,shop_basket,shop_order,\n"
		"                         shop_mail]},\n"
		"               {env,[]}]}|\n"
		" improper]\n"),
	ROW("lines: a map", 25,
		"#{2 => [1000000001,1000000002,1000000003,1000000004,1000000005],\n"
		"  a_rather_long_key_of_a_map =>\n"
		"      {a_tuple,\"with a string that is quite long and does not fit\"}}.",
		"#{2 => [1000000001,1000000002,1000000003,1000000004,1000000005],\n"
		"  a_rather_long_key_of_a_map =>\n"
		"      {a_tuple,\"with a string that is quite long and does not fit\"}}\n"),
	ROW("lines: tags that leave no room", 25,
		"{{nested_tags_one,\n"
		"     {nested_tags_two,\n"
		"         {nested_tags_three,\n"
		"             {nested_tags_four,\n"
		"                 [\"string one\",\"string two\",\"string three\",\"four\"]}}}}}.",
		"{{nested_tags_one,\n"
		"     {nested_tags_two,\n"
		"         {nested_tags_three,\n"
		"             {nested_tags_four,\n"
		"                 [\"string one\",\"string two\",\"string three\",\"four\"]}}}}}\n"),
	ROW("a variable", 27, "{a, Foo}.",
		"t:1:5: error: 'Foo' is a variable, but a term file holds only values; quote it if an "
		"atom is meant\n"),
	ROW("a reserved word", 27, "[maybe].",
		"t:1:2: error: 'maybe' is a reserved word in OTP 27; quote it if an atom is meant\n"),
	ROW("an operator", 27, "\"a\" ++ \"b\".",
		"t:1:5: error: operator '++' cannot stand here: a term file holds only values; write "
		"the result, or the '.' after the term\n"),
	ROW("a missing comma", 27, "{application, shop,\n [{vsn, \"1\"}\n  {modules, []}]}.",
		"t:3:3: error: found { where ',', '|' or ']' should stand; look for a missing or extra "
		"bracket or comma\nt:2:2: note: what is open there begins here\n"),
	ROW("a comma too many", 27, "{a,}.",
		"t:1:4: error: found } where a term should stand; look for a missing or extra bracket "
		"or comma\n"),
	ROW("the wrong bracket", 27, "[a}.",
		"t:1:3: error: found } where ',', '|' or ']' should stand; look for a missing or extra "
		"bracket or comma\nt:1:1: note: what is open there begins here\n"),
	ROW("no dot at the end", 27, "{a,\nb}\n",
		"t:3:1: error: the file ends where the '.' after the term should stand; complete the "
		"term and end it with a '.'\n"),
	ROW("no dot between terms", 27, "a\nb.",
		"t:2:1: error: found b where the '.' after the term should stand; a comma or a bracket "
		"before it may be missing\n"),
	ROW("a dot too early", 27, "{a.",
		"t:1:3: error: the term ends here, but ',' or '}' should stand before the '.'; complete "
		"it\nt:1:1: note: what is open there begins here\n"),
	ROW("an open string", 27, "{a, \"b}.",
		"t:1:5: error: the quoted text that begins here has no closing \"; add it\n"),
	ROW("an open text", 27, "\"\"\"\na\n",
		"t:1:1: error: the text that begins here has no closing quotes; put 3 of them on a line "
		"of their own\n"),
	ROW("indented less", 27, "\"\"\"\n  a\n b\n  \"\"\".",
		"t:3:1: error: this line is indented less than the closing quotes of its text; indent "
		"it with the same blanks\n"),
	ROW("strings side by side", 27, "\"a\"\"b\".",
		"t:1:4: error: two strings stand side by side, which OTP 27 does not allow; put a blank "
		"between them\n"),
	ROW("an unknown sigil", 27, "~x\"a\".",
		"t:1:1: error: there is no sigil ~x; use ~, ~s, ~S, ~b or ~B\n"),
	ROW("not UTF-8", 27, "a.\n\"\xe9\".",
		"t:2:2: error: byte 0xe9 is not valid UTF-8; save the file as UTF-8, or say \"%% "
		"coding: latin-1\" in its first line\n"),
	ROW("a bad escape", 27, "\"\\x{110000}\".",
		"t:1:3: error: character U+110000 is not allowed in Erlang text; remove it\n"),
	ROW("a bad base", 27, "37#1.",
		"t:1:1: error: the base of an integer must be 2 to 36, as in 16#ff\n"),
	ROW("no exponent", 27, "1.0e.",
		"t:1:1: error: this float has no digits after its 'e'; add an exponent as in 1.0e10\n"),
	ROW("a float too large", 27, "1.0e309.",
		"t:1:1: error: this float is larger than 1.7976931348623157e308; write a smaller one\n"),
	ROW("a sign before a list", 27, "-[].",
		"t:1:2: error: found [ where a number after the sign should stand; look for a missing or "
		"extra bracket or comma\n"),
	ROW("a word in a binary", 27, "<<a>>.",
		"t:1:3: error: this is not a number; say its type, as in <<X/binary>>, or correct it\n"),
	ROW("no type of a binary", 27, "<<1/foo>>.",
		"t:1:3: error: 'foo' is no type of a binary; use integer, float, binary, bitstring, "
		"utf8, utf16, utf32, signed, unsigned, big, little, native or unit:N\n"),
	ROW("a size that is too large", 27, "<<1:99999999999>>.",
		"t:1:3: error: the sizes in this file ask for more than 16 MB of zeros; write smaller "
		"ones\n"),
	ROW("sizes that are too large together", 27, "{<<1:99999999>>, <<\"aa\":20000000>>}.",
		"t:1:20: error: the sizes in this file ask for more than 16 MB of zeros; write smaller "
		"ones\n"),
	ROW("a large arity", 27, "fun a:b/256.",
		"t:1:1: error: the arity of a fun must be an integer up to 255\n"),
};

static void
print_lines(FILE *out, struct arena *arena, const struct terms *terms, unsigned otp)
{
	for (size_t i = 0; i < terms->len; i++) {
		struct buf line = {.arena = arena};

		term_print(&line, &terms->at[i], otp);
		fprintf(out, STR_FMT "\n", STR_ARG(buf_view(&line)));
	}
}

static void
run_text(void **state)
{
	const struct text_row *row = *state;
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct terms terms = {0};
	char *got = NULL;
	size_t got_len;
	FILE *out = open_memstream(&got, &got_len);

	bool ok = term_parse_all(&arena, row->text, "t", row->otp, &terms, &diag);
	if (ok)
		print_lines(out, &arena, &terms, row->otp);
	diag_print(&diag, out);
	fclose(out);

	assert_string_equal(got, row->want);
	assert_int_equal(ok, diag.errors == 0);
	free(got);
	arena_release(&arena);
}

/* --- external format --- */

struct etf_row {
	const char *name;
	struct str bytes; /* without the 131 */
	const char *want; /* the printed term or the fault */
};

#define ETF(name, bytes, want)                     \
	{                                          \
		name, STR_INIT("\x83" bytes), want \
	}

static struct etf_row etfs[] = {
	ETF("atoms in Latin-1", "\x68\x02\x64\0\1\xe9\x73\1a", "{\xc3\xa9,a}"),
	ETF("atoms in UTF-8", "\x68\x02\x76\0\2\xc3\xa9\x77\0", "{\xc3\xa9,''}"),
	ETF("an atom that is not UTF-8", "\x77\1\xe9",
		"byte 3: the name of an atom is not valid UTF-8"),
	ETF("integers", "\x68\3\x61\xff\x62\xff\xff\xff\xff\x6e\1\1\5", "{255,-1,-5}"),
	ETF("an integer with leading zeros", "\x6e\4\0\1\0\0\0", "1"),
	ETF("the least that fits", "\x6e\x08\1\0\0\0\0\0\0\0\x80", "-9223372036854775808"),
	ETF("large integers", "\x6f\0\0\0\x09\0\0\0\0\0\0\0\0\0\1", "18446744073709551616"),
	ETF("too large an integer", "\x6f\x10\0\0\0\0",
		"byte 7: the data end in the middle of a term"),
	ETF("a float", "\x46\x3f\xf8\0\0\0\0\0\0", "1.5"),
	ETF("an infinite float", "\x46\x7f\xf0\0\0\0\0\0\0",
		"byte 2: a float is not a finite number"),
	ETF("a float as text", "\x63-1.50000000000000000000e+03\0\0\0\0", "-1.5e3"),
	ETF("a float as bad text",
		"\x63"
		"1.5e+03x\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
		"byte 2: a float in text form is not a number"),
	ETF("a list after a list", "\x6c\0\0\0\1\x61\1\x6c\0\0\0\1\x61\2\x6b\0\1\3", "[1,2,3]"),
	ETF("a list of nothing", "\x6c\0\0\0\0\x61\7", "7"),
	ETF("an improper list", "\x6c\0\0\0\1\x61\1\x61\2", "[1|2]"),
	ETF("bits", "\x4d\0\0\0\1\3\xbf", "<<5:3>>"),
	ETF("no bits", "\x4d\0\0\0\1\0\xff", "byte 2: a bit string uses 0 bits of its last byte"),
	ETF("too many bits", "\x4d\0\0\0\1\x09\xff",
		"byte 2: a bit string uses 9 bits of its last byte"),
	ETF("a map", "\x74\0\0\0\2\x61\2\x61\3\x61\1\x6a", "#{1 => [],2 => 3}"),
	ETF("the same key twice", "\x74\0\0\0\2\x61\1\x61\1\x61\1\x61\2",
		"byte 2: a map has the same key twice"),
	ETF("a fun", "\x71\x77\1m\x77\1f\x61\3", "fun m:f/3"),
	ETF("a fun without a name", "\x71\x77\1m\x61\1\x61\3",
		"byte 2: a fun is not made of module, name and arity"),
	ETF("a pid", "\x67\x77\1n\0\0\0\1\0\0\0\2\0", "#Opaque<103.119.1.110.0.0.0.1.0.0.0.2.0>"),
	ETF("a reference", "\x72\0\1\x77\1n\0\0\0\0\1", "#Opaque<114.0.1.119.1.110.0.0.0.0.1>"),
	ETF("a reference of too many words", "\x72\0\6\x77\1n\0",
		"byte 2: a reference has 6 words, more than 5"),
	ETF("a pid of a node that is no atom", "\x67\x61\1\0\0\0\1\0\0\0\2\0",
		"byte 2: the node of a pid is of another type"),
	ETF("an atom cache reference", "\x52\0",
		"byte 1: a reference to an atom cache means nothing outside a connection"),
	ETF("an unknown tag", "\x01", "byte 1: 1 is not the tag of any term"),
	ETF("nothing", "", "byte 1: the data end in the middle of a term"),
	ETF("cut in a list", "\x6c\0\0\0\1", "byte 6: the data end in the middle of a term"),
	ETF("more elements than bytes", "\x69\xff\xff\xff\xff\x6a",
		"byte 6: the data end in the middle of a term"),
	ETF("something behind", "\x6a\x6a", "byte 2: something follows the term"),
	ETF("compressed",
		"\x50\0\0\0\x0a"
		"\x78\x9c\xcb\x61\x60\x60\x60\xcc\x2a\x67\xaa\xaa\x02\x00\x09\xaa\x02\x45",
		"[[]|zz]"),
	ETF("compressed to more than allowed", "\x50\0\0\x20\0\x78\x9c",
		"byte 2: a compressed term of 8192 bytes is more than is allowed here"),
	ETF("compressed, cut", "\x50\0\0\0\6\x78\x9c\xcb",
		"byte 6: the compressed term ends in the middle of the compressed data"),
};

static void
run_etf(void **state)
{
	const struct etf_row *row = *state;
	struct arena arena = {0};
	struct buf got = {.arena = &arena};
	struct term term;
	const char *fault;

	if (term_decode(&arena, row->bytes, LIMIT, &term, &fault)) {
		assert_null(fault);
		term_print(&got, &term, 27);
	} else {
		buf_add(&got, fault, strlen(fault));
	}
	buf_byte(&got, 0);
	assert_string_equal(got.at, row->want);
	arena_release(&arena);
}

/* --- the rest --- */

static void
first_term_only(void **state)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct term term;

	(void)state;
	assert_true(term_parse(&arena, STR("{a,b}. garbage ("), "t", 27, &term, &diag));
	assert_true(term_is_tuple(&term, 2));
	assert_int_equal(term.items[1].column, 4);
	assert_false(term_parse(&arena, STR("% empty"), "t", 27, &term, &diag));
	assert_string_equal(diag.messages.at[0].text,
		"there is no term in this file; write one and end it with a '.'");
	arena_release(&arena);
}

static void
atoms_by_release(void **state)
{
	struct arena arena = {0};
	struct buf old = {.arena = &arena}, new = {.arena = &arena};
	struct term atom = term_atom(STR("\xc3\xa9"));

	(void)state;
	term_encode(&old, &atom, 25);
	term_encode(&new, &atom, 26);
	assert_true(str_eq(buf_view(&old), STR("\x83\x64\0\1\xe9")));
	assert_true(str_eq(buf_view(&new), STR("\x83\x77\2\xc3\xa9")));
	arena_release(&arena);
}

static void
unused_bits_do_not_count(void **state)
{
	struct arena arena = {0};
	struct term zero, junk;
	const char *fault;

	(void)state;
	assert_true(term_decode(&arena, STR("\x83\x4d\0\0\0\1\3\xa0"), LIMIT, &zero, &fault));
	assert_true(term_decode(&arena, STR("\x83\x4d\0\0\0\1\3\xbf"), LIMIT, &junk, &fault));
	assert_true(term_equal(&zero, &junk));
	arena_release(&arena);
}

/* Each of these comes before the next. */
static void
terms_in_order(void **state)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct terms terms;
	struct str text = STR(
		"-18446744073709551616. -9223372036854775808. -1. 1. 2. 18446744073709551616. "
		"-1.5. -0.0. 0.0. 1.0. 2.5. a. aa. '\xce\xb1'. fun a:b/1. fun a:b/2. {}. {b}. {a,a}. {a,b}. #{}. "
		"#{b => 1}. #{a => 1, b => 1}. #{a => 1, b => 2}. #{a => 1, c => 0}. []. "
		"[1|a]. [1|{}]. [1]. [1,1.0|b]. [1,a]. [1,[]]. [a]. <<>>. <<0:1>>. <<0>>. <<0,1:1>>. <<1>>.");

	(void)state;
	assert_true(term_parse_all(&arena, text, "t", 27, &terms, &diag));
	for (size_t i = 0; i < terms.len; i++)
		for (size_t j = 0; j < terms.len; j++) {
			int order = term_order(&terms.at[i], &terms.at[j]);
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	arena_release(&arena);
}

static void
text_of_terms(void **state)
{
	struct arena arena = {0};
	struct str text = STR("a\xe2\x82\xac\xf0\x9f\x98\x80"), back = {0};
	struct term string = term_string(&arena, text);
	struct term bad[] = {term_integer(0xd800), term_integer(0x110000), term_integer(-1),
		term_atom(STR("a")), string};

	(void)state;
	assert_int_equal(string.len, 3);
	assert_true(term_text(&arena, &string, &back));
	assert_true(str_eq(text, back));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct term list = term_list(&arena, &bad[i], 1);
		assert_false(term_text(&arena, &list, &back));
	}
	assert_false(term_text(&arena, &bad[3], &back));
	arena_release(&arena);
}

/* Short inputs that ask for much memory or time get neither. */
static void
cost_is_bounded(void **state)
{
	enum { LEVELS = 900, MANY = 100000 };
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct buf tails = {.arena = &arena}, digits = {.arena = &arena}, bytes = {.arena = &arena};
	struct term term;
	const char *fault;

	(void)state;
	for (int i = 0; i < LEVELS; i++)
		buf_str(&tails, STR("[1|"));
	for (int i = 0; i < MANY; i++)
		buf_str(&tails, i ? STR(",1") : STR("[1"));
	memset(buf_room(&tails, LEVELS + 1), ']', LEVELS + 1);
	assert_false(term_parse(&arena, buf_view(&tails), "t", 27, &term, &diag));
	assert_string_equal(diag.messages.at[0].text,
		"too many elements come behind a '|'; write the list without it");

	memset(buf_room(&digits, MANY + 1), '9', MANY + 1);
	assert_false(term_parse(&arena, buf_view(&digits), "t", 27, &term, &diag));
	assert_string_equal(
		diag.messages.at[1].text, "this integer has more than 100000 digits; shorten it");

	buf_byte(&bytes, 131); /* tuples that promise more elements than memory can hold */
	for (int i = 0; i < LEVELS; i++)
		buf_add(&bytes, "\x69\0\x0f\0\0", 5);
	memset(buf_room(&bytes, 0xf0000), 106, 0xf0000);
	assert_false(term_decode(&arena, buf_view(&bytes), LIMIT, &term, &fault));
	arena_release(&arena);
}

/* Brackets, and chains of lists, which cost no depth. */
static void
depth_is_bounded(void **state)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct buf text = {.arena = &arena}, bytes = {.arena = &arena}, chain = {.arena = &arena};
	struct term term;
	const char *fault;

	(void)state;
	buf_byte(&bytes, 131);
	buf_byte(&chain, 131);
	for (int i = 0; i < 100000; i++) {
		buf_byte(&text, '[');
		buf_add(&bytes, "\x68\x01", 2);
		buf_add(&chain, "\x6c\0\0\0\1a\1", 7);
	}
	buf_byte(&bytes, 106);
	buf_byte(&chain, 106);
	assert_false(term_parse(&arena, buf_view(&text), "t", 27, &term, &diag));
	assert_string_equal(diag.messages.at[0].text,
		"terms are nested more than 1000 deep; make them flatter");
	assert_int_equal(diag.messages.at[0].pos.column, 1001);
	assert_false(term_decode(&arena, buf_view(&bytes), LIMIT, &term, &fault));
	assert_string_equal(fault, "byte 2001: terms are nested more than 1000 deep");
	assert_true(term_decode(&arena, buf_view(&chain), LIMIT, &term, &fault));
	assert_int_equal(term.len, 100000);
	arena_release(&arena);
}

static void
written_on_one_line(void **state)
{
	struct arena arena = {0};
	struct diag diag = {.arena = &arena};
	struct buf out = {.arena = &arena};
	struct term term;

	(void)state;
	assert_true(term_parse(&arena, STR("{\"ab\", <<\"cd\", 1:1>>, #{'A' => [b|c]}, -0.0}."),
		"t", 23, &term, &diag));
	term_write(&out, &term, 23);
	assert_true(str_eq(buf_view(&out), STR("{[97,98],<<99,100,1:1>>,#{'A' => [b|c]},0.0}")));
	arena_release(&arena);
}

enum {
	TEXTS = sizeof(texts) / sizeof(texts[0]),
	ETFS = sizeof(etfs) / sizeof(etfs[0]),
	OTHERS = 7,
};

int
main(void)
{
	struct CMUnitTest tests[TEXTS + ETFS + OTHERS] = {
		cmocka_unit_test(first_term_only),
		cmocka_unit_test(atoms_by_release),
		cmocka_unit_test(terms_in_order),
		cmocka_unit_test(unused_bits_do_not_count),
		cmocka_unit_test(text_of_terms),
		cmocka_unit_test(cost_is_bounded),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(written_on_one_line),
	};
	size_t n = OTHERS;

	for (size_t i = 0; i < TEXTS; i++)
		tests[n++] = (struct CMUnitTest){
			.name = texts[i].name, .test_func = run_text, .initial_state = &texts[i]};
	for (size_t i = 0; i < ETFS; i++)
		tests[n++] = (struct CMUnitTest){
			.name = etfs[i].name, .test_func = run_etf, .initial_state = &etfs[i]};
	return cmocka_run_group_tests_name("term", tests, NULL, NULL);
}
