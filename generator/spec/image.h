/*
 * spec/image.h - what the files that read the section `image` share.
 */
#pragma once

#include "spec/read.h"

/* --- image_text.c: single values, each with its own grammar --- */

/* struct spec_text */
read_value read_platform_name; /* linux/amd64, linux/arm/v7 */
read_value read_user;          /* uid, uid:gid, name, name:group */
read_value read_signal;        /* SIGTERM, 15, SIGRTMIN+3 */
read_value read_folder;        /* absolute, without '..'; not "/" */
read_value read_workdir;       /* the same, or "/" */
read_value read_port;          /* 4000/tcp; a number alone is one of tcp */

/* "scratch", or a path with the digest that it must have behind '@'. */
void read_base(struct reader *reader, const struct node *node, struct spec_text *base,
	struct spec_text *digest);

/* --- image_list.c: lists and maps; one of a file that extends another takes the place of that
 * file's, but for the keys of maps, which win one by one --- */

read_value read_texts_anew;  /* struct spec_texts */
read_value read_ports;       /* struct spec_texts */
read_value read_volumes;     /* struct spec_texts */
read_value read_own;         /* struct spec_texts: names of applications */
read_value read_env;         /* struct spec_pairs */
read_value read_labels;      /* struct spec_pairs: labels, annotations */
read_value read_layers;      /* struct spec_layers */
read_value read_platforms;   /* struct spec_platforms */
read_value read_healthcheck; /* struct spec_healthcheck */
