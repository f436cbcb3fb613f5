/* What somebody means who has an error: a name, a number, or a whole line of a log. */
#ifndef REPORT_ERROR_QUERY_H
#define REPORT_ERROR_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "report/error_name.h"

/* One thing that was recognised: a name of error_name.def, or a code by its name, number or message. */
struct error_match {
	const struct error_name *name; /* or NULL: */
	const struct app_code *code;   /* the first of those that it fits */
	const char *text;              /* that was recognised, as we have it; NULL for a number */
};

enum { ERROR_MATCHES_MAX = 32 };

/* Which errors that can be, by whom and at which call. */
struct error_query {
	bool codes[APP_CODE_COUNT];
	bool timer; /* a time limit of the program, which TCP does not know of */
	uint64_t kinds; /* of all of these: set of 1 << ERROR_KIND_... */
	unsigned calls; /* set of enum app_call */
	enum error_sides sides;
	struct error_match matches[ERROR_MATCHES_MAX];
	size_t matches_len;
};

/* Recognises what is in the text, upper and lower case alike; where nothing is, what the text is a part of. Several
 * things in one line must agree: what all of them can be, or if there is no such, what any can be. FALSE and a
 * G_OPTION_ERROR, with what may have been meant, when nothing is recognised. */
gboolean error_query_parse(const char *text, struct error_query *out, GError **error);

#endif
