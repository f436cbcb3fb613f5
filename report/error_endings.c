#include "report/error_endings.h"

#include <string.h>

#include "report/reach.h"
#include "rules/host/vocabulary.h"

bool error_query_covers(const struct error_query *query, const struct app_error *error)
{
	return query->codes[error->id] && (query->calls & (unsigned)error->call);
}

struct error_experiences error_experiences_of(const struct error_query *query)
{
	struct error_experiences e = {0};

	for (unsigned i = 0; i < EXPERIENCE_COUNT; i++) {
		const struct app_errors errors = app_errors_for((enum experience)i, HANGUP_OS_UNKNOWN);

		if (query->timer && app_errors_timer_may_end((enum experience)i))
			e.any |= 1u << i;
		for (size_t k = 0; k < errors.len; k++) {
			if (!error_query_covers(query, &errors.error[k]))
				continue;
			e.any |= 1u << i;
			e.usual |= (uint32_t)errors.error[k].usual << i;
		}
	}
	return e;
}

static bool lives_through(enum hangup_cause cause, bool one, uint32_t experiences, uint32_t except)
{
	const uint32_t reach = reach_of(cause, one);

	return (reach & experiences) && !(reach & except);
}

const char *error_endings_side(enum hangup_cause cause, uint32_t experiences, uint32_t except)
{
	const bool one = lives_through(cause, true, experiences, except);
	const bool other = lives_through(cause, false, experiences, except);

	if (one && other)
		return "either end";
	return one || other ? reach_side(cause, one) : NULL;
}

bool error_endings_same(unsigned a, unsigned b, uint32_t except)
{
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		if (g_strcmp0(error_endings_side(cause, 1u << a, except), error_endings_side(cause, 1u << b, except)) != 0)
			return false;
	}
	return true;
}

static void append_endings(GString *out, enum hangup_cause cause)
{
	for (unsigned label = 0; label < HANGUP_LABEL_COUNT; label++) {
		if (cause_labels(cause) >> label & 1)
			g_string_append_printf(out, "%s%s/%s", out->len ? ", " : "", label_name((enum hangup_label)label),
			                       cause_name(cause));
	}
}

void error_endings_append(GString *out, const char *side, uint32_t experiences, uint32_t except)
{
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		const char *who = error_endings_side(cause, experiences, except);

		if (who && strcmp(who, side) == 0)
			append_endings(out, cause);
	}
}

void error_endings_append_without(GString *out, uint32_t experiences)
{
	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++) {
		if (!error_endings_side(cause, experiences, 0))
			append_endings(out, cause);
	}
}
