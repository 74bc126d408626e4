/* release.extends: the files of which a spec is made. */
#include "spec/read.h"
#include "support/path.h"

/* False: it extends nothing. What read_path() does not take, it has reported: `base` stays empty.
 */
static bool
find_base(struct layer_of_spec *layer, struct spec_text *base)
{
	const struct node *release = NULL, *extends = NULL;

	if (layer->root && layer->root->kind == NODE_MAP)
		release = node_child(layer->root, STR("release"));
	if (release && release->kind == NODE_MAP)
		extends = node_child(release, STR("extends"));
	if (extends)
		read_path(&layer->reader, extends, base);
	return extends;
}

static bool
check_chain(const struct layers *layers, const struct spec_text *base)
{
	struct diag *diag = layers->at[0].reader.diag;

	for (size_t i = 0; i < layers->len; i++) {
		if (!str_eq(layers->at[i].file, base->text))
			continue;
		diag_error(
			diag, base->pos, "'" STR_FMT "' would extend itself", STR_ARG(base->text));
		diag_note(diag, base->pos, "remove 'extends' here, or name another file");
		return false;
	}
	if (layers->len < MOST_SPECS)
		return true;
	diag_error(diag, base->pos, "a spec is made of at most %d files, this would be one more",
		MOST_SPECS);
	diag_note(diag, base->pos, "do they extend each other in a circle?");
	return false;
}

void
layers_follow(struct layers *layers, spec_load *load, void *context)
{
	struct spec_text base = {0};

	layers->complete = true;
	while (layers->complete && find_base(&layers->at[layers->len - 1], &base)) {
		struct reader *reader = &layers->at[0].reader;
		struct layer_of_spec *next = &layers->at[layers->len];
		struct str content;

		if (!base.text.at || !check_chain(layers, &base) ||
			!load(context, base.text, base.pos, &content)) {
			layers->complete = false;
			return;
		}
		*next = (struct layer_of_spec){
			.file = base.text,
			.reader = {reader->arena, reader->diag, path_parent(base.text)},
			.root = node_parse(reader->arena, reader->diag,
				fs_cstr(reader->arena, base.text), content),
		};
		layers->len++;
		layers->complete = next->root;
		base = (struct spec_text){0};
	}
}
