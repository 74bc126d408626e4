#include "pack/output.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "support/arena.h"
#include "support/buf.h"

bool
output_open(struct output *out, struct fs *fs, struct str path)
{
	struct buf name = {.arena = fs->arena};
	size_t slash = path.len;

	if (!fs_check_output(fs, path))
		return false;
	while (slash > 0 && path.at[slash - 1] != '/')
		slash--;
	if (slash > 0 && !fs_mkdirs(fs, str_head(path, slash)))
		return false;
	buf_str(&name, str_head(path, slash));
	buf_byte(&name, '.');
	buf_add(&name, path.at + slash, path.len - slash);
	buf_add(&name, ".XXXXXX", sizeof(".XXXXXX"));
	*out = (struct output){.target = fs_cstr(fs->arena, path), .temporary = name.at};
	out->fd = mkstemp(out->temporary);
	if (out->fd < 0)
		return diag_error(fs->diag, (struct srcpos){.file = out->target},
			"cannot be written: a new file beside it: %s; "
			"make the folder writable or choose another",
			strerror(errno));
	out->digest = sha256_begin();
	return true;
}

void
output_write(struct output *out, struct str bytes)
{
	sha256_add(out->digest, bytes);
	if (!out->error && !fs_write_all(out->fd, bytes))
		out->error = errno;
}

bool
output_close(struct output *out, struct fs *fs, bool keep, char *digest)
{
	char hex[SHA256_HEX_SIZE];

	sha256_end(out->digest, digest ? digest : hex);
	/* mkstemp() made it 0600. */
	if (keep && !out->error && fchmod(out->fd, 0644) != 0)
		out->error = errno;
	if (close(out->fd) != 0 && !out->error)
		out->error = errno;
	if (keep && !out->error && rename(out->temporary, out->target) != 0)
		out->error = errno;
	if (!keep || out->error)
		unlink(out->temporary);
	return !keep || !out->error ||
	       diag_error(fs->diag, (struct srcpos){.file = out->target},
		       "cannot be written: %s; what was there before is untouched",
		       strerror(out->error));
}
