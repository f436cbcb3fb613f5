#include "report/app_errors.h"

#include <glib.h>

enum { LIKELY_MOST = true, LIKELY_ALSO = false };

static const struct {
	enum experience experience;
	enum hangup_os os;
	enum app_code_id code;
	bool most_likely;
	enum app_call call;
	enum app_basis basis;
} rows[] = {
#define APP_ERROR(id, system, likely, app_code, fails, known) \
	{.experience = EXPERIENCE_##id, .os = HANGUP_OS_##system, .code = APP_CODE_##system##_##app_code, \
	 .most_likely = LIKELY_##likely, .call = APP_CALL_##fails, .basis = APP_BASIS_##known},
#define APP_TIMER(id)
#include "report/app_errors.def"
#undef APP_ERROR
#undef APP_TIMER
};

static const uint32_t timers = 0
#define APP_ERROR(id, system, likely, app_code, fails, known)
#define APP_TIMER(id) | 1u << EXPERIENCE_##id
#include "report/app_errors.def"
#undef APP_ERROR
#undef APP_TIMER
	;

bool app_errors_timer_may_end(enum experience experience)
{
	return timers >> experience & 1;
}

static void append_rows(struct app_errors *errors, enum hangup_os wanted, bool only, enum hangup_os host)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].experience != errors->experience || (rows[i].os == wanted) != only)
			continue;
		g_assert(errors->len < APP_ERRORS_MAX);
		errors->error[errors->len++] = (struct app_error){
			.id = rows[i].code,
			.os = rows[i].os,
			.code = app_codes[rows[i].code].name,
			.number = app_codes[rows[i].code].number,
			.message = app_codes[rows[i].code].message,
			.call = rows[i].call,
			.basis = rows[i].basis,
			.usual = rows[i].most_likely,
			.most_likely = rows[i].most_likely && (host == HANGUP_OS_UNKNOWN || host == rows[i].os),
		};
	}
}

struct app_errors app_errors_for(enum experience experience, enum hangup_os host)
{
	struct app_errors errors = {.experience = experience};

	if (host != HANGUP_OS_UNKNOWN)
		append_rows(&errors, host, true, host);
	append_rows(&errors, host, false, host);
	return errors;
}

struct app_errors app_errors_of(const struct hangup_case *c, enum hangup_side side)
{
	return app_errors_for(experience_of(c, side), (enum hangup_os)facts_value(c->facts, HANGUP_FACT_OS, side));
}
