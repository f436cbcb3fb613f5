/* The files that arguments mean: files as they are named, the captures of a folder, the matches of a pattern that no
 * shell expanded. */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include <stddef.h>

#include "cli/exit_status.h"
#include "report/report.h"

struct inputs {
	char **names;  /* at least one; NULL-terminated */
	char **told;   /* the same as they are told of, where that is not as they are named; else NULL */
	size_t len;
	size_t common; /* bytes of the folder that all names begin with */
	char *title;   /* the name of the only one, or "N files" */
	char *again;   /* how to name them again in a command; NULL when that cannot be done */
};

/* Says what is wrong with the arguments: EXIT_USAGE, or EXIT_INPUT when some of them mean no file. The others are in
 * *out then; with none at all, len is 0. */
enum exit_status inputs_init(struct inputs *out, char *const *arguments, size_t arguments_len);
void inputs_clear(struct inputs *in);

/* Tells of them as "input-1" and so on from now on. */
void inputs_anonymize(struct inputs *in);

/* What a report needs to know of them. Borrowed. */
void inputs_describe(const struct inputs *in, struct report_options *out_options);

#endif
