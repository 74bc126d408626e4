/* Single values of the section image. */
#include "spec/image.h"
#include "support/arena.h"
#include "support/buf.h"
#include "support/nearest.h"
#include "support/path.h"

enum { DIGEST_DIGITS = 64, LONGEST_UID = 10 };

/* --- platforms --- */

/* As Go names them, which OCI does too; what others call them. */
static const struct {
	struct str name;
	const char *fault;
} architectures[] = {
	{STR_INIT("386"), NULL},
	{STR_INIT("amd64"), NULL},
	{STR_INIT("arm"), NULL},
	{STR_INIT("arm64"), NULL},
	{STR_INIT("loong64"), NULL},
	{STR_INIT("mips"), NULL},
	{STR_INIT("mips64"), NULL},
	{STR_INIT("mips64le"), NULL},
	{STR_INIT("mipsle"), NULL},
	{STR_INIT("ppc64"), NULL},
	{STR_INIT("ppc64le"), NULL},
	{STR_INIT("riscv64"), NULL},
	{STR_INIT("s390x"), NULL},
	{STR_INIT("aarch64"), "is called linux/arm64"},
	{STR_INIT("armhf"), "is called linux/arm/v7"},
	{STR_INIT("armel"), "is called linux/arm/v5"},
	{STR_INIT("i386"), "is called linux/386"},
	{STR_INIT("i686"), "is called linux/386"},
	{STR_INIT("ppc64el"), "is called linux/ppc64le"},
	{STR_INIT("x86_64"), "is called linux/amd64"},
};

static const char *
architecture_fault(struct str name)
{
	for (size_t i = 0; i < sizeof(architectures) / sizeof(architectures[0]); i++)
		if (str_eq(name, architectures[i].name))
			return architectures[i].fault;
	return "has an architecture that is not known: known are 386, amd64, arm, arm64, loong64, "
	       "mips, mips64, mips64le, mipsle, ppc64, ppc64le, riscv64 and s390x";
}

static const char *
variant_fault(struct str architecture, struct str variant)
{
	if (variant.len != 2 || variant.at[0] != 'v' || variant.at[1] < '1' || variant.at[1] > '9')
		return "has a variant that is not v1 to v9";
	if (!str_eq(architecture, STR("arm")) && !str_eq(architecture, STR("arm64")) &&
		!str_eq(architecture, STR("amd64")))
		return "has a variant, which only arm, arm64 and amd64 have";
	return NULL;
}

const char *
spec_platform_split(struct str text, struct str part[3])
{
	struct str rest = text, found = {0};
	size_t len = 0;
	const char *fault;

	part[2] = STR("");
	for (; str_next(&rest, '/', &found); len++)
		if (len < 3)
			part[len] = found;
	if (len < 2 || len > 3)
		return "is not OS/ARCHITECTURE, such as linux/amd64";
	if (!str_eq(part[0], STR("linux")))
		return "is not for linux, and images are for nothing else";
	fault = architecture_fault(part[1]);
	return fault || len < 3 ? fault : variant_fault(part[1], part[2]);
}

void
read_platform_name(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0}, part[3];
	const char *fault;

	if (!node_text(reader, node, &text))
		return;
	fault = spec_platform_split(text, part);
	if (fault)
		diag_error(reader->diag, node->pos, "the platform '" STR_FMT "' %s", STR_ARG(text),
			fault);
	else
		read_text(reader, node, target);
}

/* --- users --- */

static bool
is_id(struct str text)
{
	int64_t value = 0;

	if (!is_word(text, DIGITS, DIGITS, LONGEST_UID) || (text.len > 1 && text.at[0] == '0'))
		return false;
	for (size_t i = 0; i < text.len; i++)
		value = value * 10 + (text.at[i] - '0');
	return value <= INT32_MAX;
}

static bool
is_id_or_name(struct str text)
{
	return is_id(text) || is_word(text, LOWER UPPER "_", DIGITS ".-", SPEC_LONGEST_NAME);
}

bool
spec_user_is_numeric(struct str user)
{
	struct str id = {0};

	while (str_next(&user, ':', &id))
		if (!is_id(id))
			return false;
	return true;
}

void
read_user(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0}, rest, user = {0}, group = {0};

	if (!node_text(reader, node, &text))
		return;
	rest = text;
	str_next(&rest, ':', &user);
	if (is_id_or_name(user) &&
		(!rest.at || (str_next(&rest, ':', &group) && !rest.at && is_id_or_name(group)))) {
		read_text(reader, node, target);
		return;
	}
	value_fault(reader, node, "UID, UID:GID, a name, or NAME:GROUP");
	diag_note(reader->diag, node->pos,
		"ids are numbers from 0 to 2147483647; clusters can verify them, names they cannot");
}

/* --- signals --- */

static const char *const signals[] = {"SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT",
	"SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM",
	"SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
	"SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
	"SIGSYS", "SIGRTMIN", "SIGRTMAX"};

/* A number of one or two digits, up to `most`. */
static bool
is_small(struct str text, const char *first, int most)
{
	if (!is_word(text, first, DIGITS, 2))
		return false;
	return text.len == 1 ||
	       (text.at[0] != '0' && (text.at[0] - '0') * 10 + (text.at[1] - '0') <= most);
}

static bool
is_signal(struct str text)
{
	struct str head = str_head(text, strlen("SIGRTMIN+"));

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (str_eq(text, (struct str){signals[i], strlen(signals[i])}))
			return true;
	if (str_eq(head, STR("SIGRTMIN+")) || str_eq(head, STR("SIGRTMAX-")))
		return is_small((struct str){text.at + head.len, text.len - head.len}, DIGITS, 30);
	return is_small(text, "123456789", 64);
}

void
read_signal(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};
	struct nearest near = {0};

	if (!node_text(reader, node, &text))
		return;
	if (is_signal(text)) {
		read_text(reader, node, target);
		return;
	}
	value_fault(reader, node, "a signal, such as SIGTERM");
	near.word = text;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		nearest_try(&near, (struct str){signals[i], strlen(signals[i])});
	if (near.best.at)
		diag_note(
			reader->diag, node->pos, "did you mean '" STR_FMT "'?", STR_ARG(near.best));
}

/* --- folders in the image --- */

static bool
read_absolute(struct reader *reader, const struct node *node, struct str *text)
{
	const char *fault = "does not begin with '/'";

	if (!node_text(reader, node, text))
		return false;
	if (str_eq(*text, STR("/")))
		return true;
	if (text->at[0] == '/')
		fault = path_fault((struct str){text->at + 1, text->len - 1});
	if (!fault)
		return true;
	diag_error(reader->diag, node->pos, "the folder '" STR_FMT "' %s", STR_ARG(*text), fault);
	diag_note(reader->diag, node->pos, "write it from the image's root on: '/data/files'");
	return false;
}

void
read_workdir(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};

	if (read_absolute(reader, node, &text))
		read_text(reader, node, target);
}

void
read_folder(struct reader *reader, const struct node *node, void *target)
{
	struct str text = {0};

	if (!read_absolute(reader, node, &text))
		return;
	if (text.len == 1)
		value_fault(reader, node, "a folder below '/'");
	else
		read_text(reader, node, target);
}

/* --- ports --- */

static bool
is_port(struct str number)
{
	int value = 0;

	if (!is_word(number, "123456789", DIGITS, 5))
		return false;
	for (size_t i = 0; i < number.len; i++)
		value = value * 10 + (number.at[i] - '0');
	return value <= UINT16_MAX;
}

void
read_port(struct reader *reader, const struct node *node, void *target)
{
	struct spec_text *port = target;
	struct str text = {0}, rest, number = {0};
	struct buf whole = {.arena = reader->arena};

	if (!node_text(reader, node, &text))
		return;
	rest = text;
	str_next(&rest, '/', &number);
	if (is_port(number) && !rest.at) {
		buf_printf(&whole, STR_FMT "/tcp", STR_ARG(number));
		*port = (struct spec_text){buf_view(&whole), node->pos};
	} else if (is_port(number) && (str_eq(rest, STR("tcp")) || str_eq(rest, STR("udp")) ||
					      str_eq(rest, STR("sctp")))) {
		*port = (struct spec_text){text, node->pos};
	} else {
		value_fault(reader, node, "a port from 1 to 65535 and tcp, udp or sctp");
		diag_note(reader->diag, node->pos, "write 4000/tcp; each port by itself");
	}
}

/* --- bases --- */

static bool
is_digest(struct str text)
{
	struct str kind = {0};

	return str_next(&text, ':', &kind) && str_eq(kind, STR("sha256")) &&
	       text.len == DIGEST_DIGITS &&
	       is_word(text, DIGITS "abcdef", DIGITS "abcdef", DIGEST_DIGITS);
}

/* What follows the last '@', when it looks as if it should be a digest. */
static bool
split_digest(struct str text, struct str *path, struct str *digest)
{
	size_t at = text.len;

	while (at > 0 && text.at[at - 1] != '@')
		at--;
	if (at == 0 || !memchr(text.at + at, ':', text.len - at))
		return false;
	*path = str_head(text, at - 1);
	*digest = (struct str){text.at + at, text.len - at};
	return true;
}

void
read_base(struct reader *reader, const struct node *node, struct spec_text *base,
	struct spec_text *digest)
{
	struct str text = {0}, path, hash = {0};

	if (!node_text(reader, node, &text))
		return;
	path = text;
	if (split_digest(text, &path, &hash) && !is_digest(hash)) {
		diag_error(reader->diag, node->pos, "'" STR_FMT "' is no digest", STR_ARG(hash));
		diag_note(reader->diag, node->pos,
			"behind '@' stand sha256: and 64 digits from 0-9 and a-f");
	} else if (path.len == 0 || (hash.at && str_eq(path, STR("scratch")))) {
		diag_error(reader->diag, node->pos, "'" STR_FMT "' names no image", STR_ARG(text));
		diag_note(reader->diag, node->pos,
			"write scratch, or the path of an image, with its digest if you like: "
			"images/debian.tar@sha256:...");
	} else {
		*base = (struct spec_text){path, node->pos};
		*digest = (struct spec_text){hash, node->pos};
		if (!spec_is_scratch(path))
			base->text = fs_join(reader->arena, reader->dir, path);
	}
}
