#define PCRE2_CODE_UNIT_WIDTH 8
#include "support/regex.h"

#include <pcre2.h>
#include <stddef.h>

#include "support/arena.h"
#include "support/buf.h"

/* What hostile patterns get before they are given up: about a tenth of a second. Honest ones need
 * some hundred steps for the version of an application. */
enum { STEPS = 300000, KIBIBYTES = 20000, LONGEST_PATTERN = 65536 };

static const char *
explain(struct arena *arena, int error)
{
	PCRE2_UCHAR text[256] = "unknown fault";
	struct buf out = {.arena = arena};

	pcre2_get_error_message(error, text, sizeof(text));
	buf_printf(&out, "%s%c", (const char *)text, '\0');
	return out.at;
}

static const char *
explain_at(struct arena *arena, int error, size_t offset)
{
	struct buf out = {.arena = arena};

	buf_printf(&out, "%s, after %zu bytes%c", explain(arena, error), offset, '\0');
	return out.at;
}

/* The library's memory comes from an arena, so that it never ends. */
static void *
take_memory(size_t size, void *arena)
{
	return arena_alloc(arena, 1, size, _Alignof(max_align_t));
}

static void
leave_memory(void *memory, void *arena)
{
	(void)memory;
	(void)arena;
}

static pcre2_code *
compile(struct arena *arena, struct str pattern, pcre2_general_context *memory, const char **fault)
{
	pcre2_compile_context *context = pcre2_compile_context_create(memory);
	size_t offset;
	int error;

	/* As OTP builds its own, whatever this machine's library was built for. */
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
	pcre2_set_max_pattern_length(context, LONGEST_PATTERN);
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)(pattern.len ? pattern.at : ""), pattern.len,
		PCRE2_UTF, &error, &offset, context);
	if (!code)
		*fault = explain_at(arena, error, offset);
	return code;
}

static enum regex_answer
match(struct arena *arena, const pcre2_code *code, struct str subject,
	pcre2_general_context *memory, const char **fault)
{
	pcre2_match_context *context = pcre2_match_context_create(memory);
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, memory);

	pcre2_set_match_limit(context, STEPS);
	pcre2_set_depth_limit(context, STEPS);
	pcre2_set_heap_limit(context, KIBIBYTES);
	int count = pcre2_match(code, (PCRE2_SPTR)(subject.len ? subject.at : ""), subject.len, 0,
		0, data, context);
	if (count > 0) {
		const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
		return ends[0] == 0 && ends[1] == subject.len ? REGEX_YES : REGEX_NO;
	}
	if (count == PCRE2_ERROR_NOMATCH)
		return REGEX_NO;
	*fault = explain(arena, count);
	return REGEX_FAULTY;
}

enum regex_answer
regex_is_whole(struct arena *arena, struct str pattern, struct str subject, const char **fault)
{
	struct arena scratch = {0};
	pcre2_general_context *memory =
		pcre2_general_context_create(take_memory, leave_memory, &scratch);
	pcre2_code *code = compile(arena, pattern, memory, fault);
	enum regex_answer answer = code ? match(arena, code, subject, memory, fault) : REGEX_FAULTY;

	arena_release(&scratch);
	return answer;
}
