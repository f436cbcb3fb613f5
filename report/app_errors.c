#include "report/app_errors.h"

#include <glib.h>

enum code_index {
#define APP_CODE(os, id, name, number, message) CODE_##os##_##id,
#include "report/app_codes.def"
#undef APP_CODE
};

static const struct {
	const char *name;
	int number;
	const char *message;
} codes[] = {
#define APP_CODE(os, id, code_name, code_number, code_message) \
	{.name = code_name, .number = code_number, .message = code_message},
#include "report/app_codes.def"
#undef APP_CODE
};

enum { LIKELY_MOST = true, LIKELY_ALSO = false };

static const struct {
	enum experience experience;
	enum hangup_os os;
	enum code_index code;
	bool most_likely;
} rows[] = {
#define APP_ERROR(id, system, likely, app_code) \
	{.experience = EXPERIENCE_##id, .os = HANGUP_OS_##system, .code = CODE_##system##_##app_code, \
	 .most_likely = LIKELY_##likely},
#include "report/app_errors.def"
#undef APP_ERROR
};

static void append_rows(struct app_errors *errors, enum hangup_os wanted, bool only, enum hangup_os host)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].experience != errors->experience || (rows[i].os == wanted) != only)
			continue;
		g_assert(errors->len < APP_ERRORS_MAX);
		errors->error[errors->len++] = (struct app_error){
			.os = rows[i].os,
			.code = codes[rows[i].code].name,
			.number = codes[rows[i].code].number,
			.message = codes[rows[i].code].message,
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
