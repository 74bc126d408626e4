#include "pack/output.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/arena.h"
#include "support/buf.h"

/* `folder` ends in '/' or is empty. */
static bool
begin(struct output *out, struct fs *fs, struct str folder, struct str file)
{
	struct buf name = {.arena = fs->arena};

	if (folder.len > 0 && !fs_mkdirs(fs, folder))
		return false;
	buf_str(&name, folder);
	buf_byte(&name, '.');
	buf_str(&name, file);
	buf_add(&name, ".XXXXXX", sizeof(".XXXXXX"));
	out->temporary = name.at;
	out->fd = mkstemp(out->temporary);
	if (out->fd < 0)
		return diag_error(fs->diag, (struct srcpos){.file = out->target},
			"cannot be written: a new file beside it: %s; "
			"make the folder writable or choose another",
			strerror(errno));
	out->digest = sha256_begin();
	return true;
}

bool
output_open(struct output *out, struct fs *fs, struct str path)
{
	size_t slash = path.len;

	*out = (struct output){.target = fs_cstr(fs->arena, path)};
	if (!fs_check_output(fs, path))
		return false;
	while (slash > 0 && path.at[slash - 1] != '/')
		slash--;
	return begin(
		out, fs, str_head(path, slash), (struct str){path.at + slash, path.len - slash});
}

bool
output_open_in(struct output *out, struct fs *fs, struct str dir)
{
	struct buf folder = {.arena = fs->arena};

	*out = (struct output){.target = fs_cstr(fs->arena, dir), .by_digest = true};
	buf_str(&folder, dir);
	buf_byte(&folder, '/');
	return begin(out, fs, buf_view(&folder), STR("blob"));
}

void
output_write(struct output *out, struct str bytes)
{
	sha256_add(out->digest, bytes);
	out->size += bytes.len;
	if (!out->error && !fs_write_all(out->fd, bytes))
		out->error = errno;
}

bool
output_close(struct output *out, struct fs *fs, bool keep, char *digest)
{
	char hex[SHA256_HEX_SIZE];
	const char *place = out->target;

	sha256_end(out->digest, hex);
	if (digest)
		memcpy(digest, hex, sizeof(hex));
	if (out->by_digest)
		place = fs_cstr(fs->arena,
			fs_join(fs->arena, (struct str){out->target, strlen(out->target)},
				(struct str){hex, strlen(hex)}));
	/* mkstemp() made it 0600. */
	if (keep && !out->error && fchmod(out->fd, 0644) != 0)
		out->error = errno;
	if (close(out->fd) != 0 && !out->error)
		out->error = errno;
	if (keep && !out->error && rename(out->temporary, place) != 0)
		out->error = errno;
	if (!keep || out->error)
		unlink(out->temporary);
	return !keep || !out->error ||
	       diag_error(fs->diag, (struct srcpos){.file = out->target},
		       "cannot be written: %s; what was there before is untouched",
		       strerror(out->error));
}
