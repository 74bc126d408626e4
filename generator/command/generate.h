/*
 * command/generate.h - what is made from the table of options for `beamrel generate`.
 */
#pragma once

struct buf;
struct command;

void completion_bash(struct buf *out);
void completion_zsh(struct buf *out);
void completion_fish(struct buf *out);

/* The man page of `command`, or of the program when it is NULL. */
void manual_page(struct buf *out, const struct command *command);

/* The page docs/reference/cli.md. */
void manual_markdown(struct buf *out);
