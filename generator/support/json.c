#include "support/json.h"

#include <assert.h>
#include <stdlib.h>

#include <jansson.h>

void
json_text(struct buf *out, struct str text)
{
	json_t *string = json_stringn(text.len ? text.at : "", text.len);
	char *written = string ? json_dumps(string, JSON_ENCODE_ANY) : NULL;

	assert(written);
	buf_add(out, written, strlen(written));
	free(written);
	json_decref(string);
}
