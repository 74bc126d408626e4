#include "beam/code.h"

#include <stdint.h>
#include <stdlib.h>

#include "beam/internal.h"
#include "support/arena.h"
#include "support/cursor.h"
#include "support/vec.h"

/* Operands of each instruction by its number, from 1 (genop.tab of the compiler, OTP 29). A number
 * is never given away twice, so that this holds for all earlier ones. */
static const char operands[] = "-"
			       "13023223245232321100002112444444444443333333222222"
			       "22222223331212333332110113222555421122555210122444"
			       "43121112635122357775322562222134086265454543333301"
			       "17155233400222343224312111630153246243635";

enum {
	HIGHEST = sizeof(operands) - 2,
	OP_LABEL = 1,
	OP_TEST_HEAP = 16,
	OP_RETURN = 19,
	OP_MOVE = 64,
	OP_LINE = 153,
	OP_PUT_TUPLE2 = 164,
	OP_SWAP = 169,
	OP_EXECUTABLE_LINE = 183,
	OP_DEBUG_LINE = 184,

	MAX_OPERANDS = 8,
	MAX_STEPS = 64,    /* of what runs straight through */
	MAX_ITEMS = 8,     /* in a tuple that is made there */
	REGISTERS = 256,   /* x0 and following */
	MAX_TERM = 1 << 20 /* bytes, if a literal is compressed */
};

/* The tag in an operand's low three bits (beam_opcodes.hrl); TAG_Z has a second one above it. */
enum tag { TAG_U, TAG_I, TAG_A, TAG_X, TAG_Y, TAG_F, TAG_H, TAG_Z, TAG_LITERAL, TAG_LIST };
enum { EXT_LIST = 1, EXT_FLOAT = 2, EXT_ALLOCATION = 3, EXT_LITERAL = 4, EXT_TYPED = 5 };

struct operand {
	enum tag tag;
	uint64_t value;
	bool wide; /* the value does not fit */
	struct operand_list {
		struct operand *at; /* the first MAX_ITEMS, until the next instruction is read */
		size_t len;
	} list;
};

struct reader {
	struct arena *arena;
	const struct beam *beam;
	struct cursor in;
	struct beam_atoms atoms;
	struct str literals; /* after their count */
	size_t literals_len;
	/* MAX_ITEMS for each list of the instruction that was read last. */
	struct operand *items;
	size_t lists_len;
};

uint64_t
beam_number(struct cursor *in, unsigned first, bool *wide)
{
	size_t size;
	struct cursor length = {0};

	*wide = false;
	if ((first & 0x08) == 0)
		return first >> 4;
	if ((first & 0x10) == 0)
		return (uint64_t)(first >> 5) << 8 | cursor_u8(in);
	size = (first >> 5) + 2;
	if (size == 9) {
		/* More than eight bytes: their number less nine follows as a compact term of its
		 * own, of at most two bytes in anything that a compiler writes. */
		unsigned next = cursor_u8(in);

		if ((next & 0x10) != 0 && (next & 0x08) != 0)
			in->fault = true;
		size = 9 +
		       ((next & 0x08) == 0 ? next >> 4 : (size_t)(next >> 5) << 8 | cursor_u8(in));
	}
	length.bytes = cursor_take(in, size);
	*wide = size > 8;
	return *wide ? 0 : cursor_uint(&length, size);
}

static bool read_operand(struct reader *r, struct operand *operand, bool nested);

static bool
read_plain(struct reader *r, enum tag tag, struct operand *operand)
{
	unsigned first = cursor_u8(&r->in);

	operand->tag = tag;
	operand->value = beam_number(&r->in, first, &operand->wide);
	return !r->in.fault && (first & 7) == TAG_U;
}

static bool
read_list(struct reader *r, struct operand *operand)
{
	struct operand count = {0};

	if (!read_plain(r, TAG_U, &count) || count.wide || count.value > cursor_left(&r->in))
		return false;
	operand->tag = TAG_LIST;
	operand->list.len = (size_t)count.value;
	operand->list.at = &r->items[MAX_ITEMS * r->lists_len++];
	for (size_t i = 0; i < operand->list.len; i++) {
		struct operand rest = {0};

		if (!read_operand(r, i < MAX_ITEMS ? &operand->list.at[i] : &rest, true))
			return false;
	}
	return true;
}

static bool
read_extended(struct reader *r, unsigned first, struct operand *operand, bool nested)
{
	struct operand ignored = {0};

	switch (first >> 4) {
	case EXT_LIST:
		return !nested && read_list(r, operand);
	case EXT_FLOAT:
		return read_plain(r, TAG_F, operand);
	case EXT_ALLOCATION:
		if (!read_plain(r, TAG_U, operand) || operand->wide ||
			operand->value > cursor_left(&r->in))
			return false;
		for (uint64_t i = 0; i < 2 * operand->value; i++)
			if (!read_plain(r, TAG_U, &ignored))
				return false;
		return true;
	case EXT_LITERAL:
		return read_plain(r, TAG_LITERAL, operand);
	case EXT_TYPED: {
		unsigned reg = cursor_u8(&r->in);

		if ((reg & 7) != TAG_X && (reg & 7) != TAG_Y)
			return false;
		operand->tag = (enum tag)(reg & 7);
		operand->value = beam_number(&r->in, reg, &operand->wide);
		return read_plain(r, TAG_U, &ignored);
	}
	default:
		return false;
	}
}

static bool
read_operand(struct reader *r, struct operand *operand, bool nested)
{
	unsigned first = cursor_u8(&r->in);

	*operand = (struct operand){.tag = (enum tag)(first & 7)};
	if (operand->tag == TAG_Z)
		return (first & 0x08) == 0 && read_extended(r, first, operand, nested);
	operand->value = beam_number(&r->in, first, &operand->wide);
	return !r->in.fault;
}

struct instruction {
	unsigned op;
	struct operand operands[MAX_OPERANDS];
};

/* False: the end, or nothing that we know. */
static bool
read_instruction(struct reader *r, struct instruction *instruction)
{
	r->lists_len = 0;
	instruction->op = cursor_u8(&r->in);
	if (r->in.fault || instruction->op == 0 || instruction->op > HIGHEST)
		return false;
	for (int i = 0; i < operands[instruction->op] - '0'; i++)
		if (!read_operand(r, &instruction->operands[i], false))
			return false;
	return true;
}

/* --- following it --- */

struct machine {
	struct reader *reader;
	struct beam_value x[REGISTERS];
};

/* The `index`-th literal. */
static bool
decode_literal(struct reader *r, uint64_t index, struct term *term)
{
	struct cursor in = {.bytes = r->literals};
	const char *fault;
	struct str bytes = {0};

	if (index >= r->literals_len)
		return false;
	for (uint64_t i = 0; i <= index; i++) {
		bytes = cursor_take(&in, cursor_u32(&in));
		if (in.fault)
			return false;
	}
	return term_decode(r->arena, bytes, MAX_TERM, term, &fault);
}

static struct beam_value
evaluate(const struct machine *m, const struct operand *operand)
{
	struct beam_value value = {.kind = BEAM_TERM}, unknown = {.kind = BEAM_UNKNOWN};

	if (operand->wide)
		return unknown;
	switch (operand->tag) {
	case TAG_X:
		return operand->value < REGISTERS ? m->x[operand->value] : unknown;
	case TAG_A:
		/* The atom 0 is []. */
		if (operand->value > m->reader->atoms.len)
			return unknown;
		value.term = operand->value ? term_atom(m->reader->atoms.at[operand->value - 1])
					    : term_list(m->reader->arena, NULL, 0);
		return value;
	case TAG_I:
		/* One byte more and it might be negative. */
		if (operand->value > INT16_MAX / 2)
			return unknown;
		value.term = term_integer((int64_t)operand->value);
		return value;
	case TAG_LITERAL:
		return decode_literal(m->reader, operand->value, &value.term) ? value : unknown;
	case TAG_U:
	case TAG_Y:
	case TAG_F:
	case TAG_H:
	case TAG_Z:
	case TAG_LIST:
		break;
	}
	return unknown;
}

static bool
assign(struct machine *m, const struct operand *to, struct beam_value value)
{
	if (to->tag != TAG_X || to->wide || to->value >= REGISTERS)
		return false;
	m->x[to->value] = value;
	return true;
}

static bool
make_tuple(struct machine *m, const struct operand *to, const struct operand *from)
{
	struct beam_value *items = arena_array(m->reader->arena, struct beam_value, MAX_ITEMS);

	if (from->tag != TAG_LIST || from->list.len > MAX_ITEMS)
		return false;
	for (size_t i = 0; i < from->list.len; i++)
		items[i] = evaluate(m, &from->list.at[i]);
	return assign(m, to,
		(struct beam_value){.kind = BEAM_TUPLE, .items = items, .len = from->list.len});
}

/* False: not understood. */
static bool
step(struct machine *m, const struct instruction *instruction)
{
	const struct operand *o = instruction->operands;
	struct beam_value old;

	switch (instruction->op) {
	case OP_LABEL:
	case OP_TEST_HEAP:
	case OP_LINE:
	case OP_EXECUTABLE_LINE:
	case OP_DEBUG_LINE:
		return true;
	case OP_MOVE:
		return assign(m, &o[1], evaluate(m, &o[0]));
	case OP_SWAP:
		old = evaluate(m, &o[0]);
		return assign(m, &o[0], evaluate(m, &o[1])) && assign(m, &o[1], old);
	case OP_PUT_TUPLE2:
		return make_tuple(m, &o[0], &o[1]);
	default:
		return false;
	}
}

/* From the instruction that is next. */
static struct beam_value
follow(struct reader *r, unsigned arity)
{
	struct machine *m = arena_new(r->arena, struct machine);
	struct instruction instruction = {0};

	m->reader = r;
	for (unsigned i = 0; i < arity && i < REGISTERS; i++)
		m->x[i] = (struct beam_value){.kind = BEAM_ARGUMENT, .argument = i};
	for (size_t i = 0; i < MAX_STEPS && read_instruction(r, &instruction); i++) {
		if (instruction.op == OP_RETURN)
			return m->x[0];
		if (!step(m, &instruction))
			break;
	}
	return (struct beam_value){.kind = BEAM_UNKNOWN};
}

/* --- finding it --- */

/* The label of name/arity in ExpT; 0: there is none. */
static uint64_t
find_entry(struct reader *r, struct str name, unsigned arity)
{
	const struct beam_chunk *chunk = beam_chunk(r->beam, "ExpT");
	struct cursor in = {0};

	if (!chunk)
		return 0;
	in.bytes = chunk->data;
	for (size_t left = cursor_u32(&in); left > 0 && !in.fault; left--) {
		uint32_t atom = cursor_u32(&in), has = cursor_u32(&in), label = cursor_u32(&in);

		if (!in.fault && atom > 0 && atom <= r->atoms.len && has == arity &&
			str_eq(r->atoms.at[atom - 1], name))
			return label;
	}
	return 0;
}

static bool
open_reader(struct reader *r)
{
	const struct beam_chunk *code = beam_chunk(r->beam, "Code");
	const struct beam_chunk *literals = beam_chunk(r->beam, "LitT");
	struct cursor in = {0};
	const char *fault;

	if (!code || !beam_atoms(r->arena, r->beam, SIZE_MAX, &r->atoms, &fault))
		return false;
	if (literals && beam_literals(r->arena, literals, &in.bytes, &fault)) {
		r->literals_len = cursor_u32(&in);
		r->literals = (struct str){in.bytes.at + in.pos, cursor_left(&in)};
	}
	r->items = arena_array(r->arena, struct operand, (size_t)MAX_OPERANDS * MAX_ITEMS);
	r->in = (struct cursor){.bytes = code->data};
	cursor_take(&r->in, cursor_u32(&r->in)); /* version, and how much there is of what */
	return !r->in.fault;
}

struct beam_value
beam_returns(struct arena *arena, const struct beam *beam, struct str name, unsigned arity)
{
	struct reader reader = {.arena = arena, .beam = beam};
	struct instruction instruction = {0};
	uint64_t entry;

	if (!open_reader(&reader))
		return (struct beam_value){.kind = BEAM_UNKNOWN};
	entry = find_entry(&reader, name, arity);
	while (entry > 0 && read_instruction(&reader, &instruction))
		if (instruction.op == OP_LABEL && !instruction.operands[0].wide &&
			instruction.operands[0].value == entry)
			return follow(&reader, arity);
	return (struct beam_value){.kind = BEAM_UNKNOWN};
}

bool
beam_value_is_ok(const struct beam_value *value, unsigned first, size_t count)
{
	if (value->kind != BEAM_TUPLE || value->len != count + 1 ||
		value->items[0].kind != BEAM_TERM ||
		!term_is_atom(&value->items[0].term, STR("ok")))
		return false;
	for (size_t i = 1; i < value->len; i++)
		if (value->items[i].kind != BEAM_ARGUMENT ||
			value->items[i].argument != first + i - 1)
			return false;
	return true;
}

/* --- atoms --- */

struct collected {
	struct str *at;
	size_t len, cap;
};

/* As deep as terms are decoded, and no deeper. */
static void
collect(struct arena *arena, const struct term *term, struct collected *names)
{
	switch (term->kind) {
	case TERM_ATOM:
		vec_push(arena, names, term->atom);
		break;
	case TERM_TUPLE:
	case TERM_LIST:
	case TERM_MAP:
	case TERM_FUN:
		for (size_t i = 0; i < term->len; i++)
			collect(arena, &term->items[i], names);
		if (term->kind == TERM_LIST && term->tail)
			collect(arena, term->tail, names);
		break;
	case TERM_INTEGER:
	case TERM_BIG:
	case TERM_FLOAT:
	case TERM_BITS:
	case TERM_OPAQUE:
		break;
	}
}

static int
name_order(const void *pa, const void *pb)
{
	const struct str *a = pa, *b = pb;

	return str_order(*a, *b);
}

bool
beam_names(struct arena *arena, const struct beam *beam, struct beam_names *names)
{
	struct reader reader = {.arena = arena, .beam = beam};
	struct collected all = {0};
	const char *fault;

	*names = (struct beam_names){0};
	if (!open_reader(&reader))
		return false;
	for (size_t i = 0; i < reader.atoms.len; i++)
		vec_push(arena, &all, reader.atoms.at[i]);

	struct cursor in = {.bytes = reader.literals};
	for (size_t i = 0; i < reader.literals_len; i++) {
		struct term term;
		struct str bytes = cursor_take(&in, cursor_u32(&in));

		if (in.fault || !term_decode(arena, bytes, MAX_TERM, &term, &fault))
			return false;
		collect(arena, &term, &all);
	}
	if (all.len)
		qsort(all.at, all.len, sizeof(*all.at), name_order);
	names->at = all.at;
	for (size_t i = 0; i < all.len; i++)
		if (names->len == 0 || !str_eq(all.at[i], names->at[names->len - 1]))
			names->at[names->len++] = all.at[i];
	return true;
}

bool
beam_names_have(const struct beam_names *names, struct str name)
{
	return names->len && bsearch(&name, names->at, names->len, sizeof(name), name_order);
}
