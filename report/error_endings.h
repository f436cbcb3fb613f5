/* Which endings can produce an error, from the tables that fill app_errors: app_errors.def says what is told of an
 * experience, experience.def and reach.def which endings a program experiences so. */
#ifndef REPORT_ERROR_ENDINGS_H
#define REPORT_ERROR_ENDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "report/error_query.h"
#include "report/experience.h"

/* Whether a row of app_errors.def is one of those asked for, at a call that is. */
bool error_query_covers(const struct error_query *query, const struct app_error *error);

/* A set of 1u << EXPERIENCE_... of which one is asked for, on any system; those where it is what some system usually
 * reports apart. */
struct error_experiences {
	uint32_t any, usual;
};
struct error_experiences error_experiences_of(const struct error_query *query);

/* Who lives through one of these in a cause: "either end" or reach_side(); NULL when nobody does. Sides that can live
 * through one of `except` are left out. */
const char *error_endings_side(enum hangup_cause cause, uint32_t experiences, uint32_t except);
/* Whether two are lived through by the same sides of the same causes. */
bool error_endings_same(unsigned a, unsigned b, uint32_t except);

/* Appends "label/cause, label/cause" of the causes in which that is the side. */
void error_endings_append(GString *out, const char *side, uint32_t experiences, uint32_t except);
/* Of those in which nobody can. */
void error_endings_append_without(GString *out, uint32_t experiences);

#endif
