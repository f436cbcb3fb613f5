#include "report/error_text.h"

#include <stdbool.h>

static const char *const os_titles[] = {[HANGUP_OS_UNKNOWN] = "unknown", [HANGUP_OS_LINUX] = "Linux",
                                        [HANGUP_OS_WINDOWS] = "Windows", [HANGUP_OS_MACOS] = "macOS",
                                        [HANGUP_OS_BSD] = "BSD"};
G_STATIC_ASSERT(G_N_ELEMENTS(os_titles) == HANGUP_OS_COUNT);

const char *error_text_system(enum hangup_os os)
{
	return os_titles[os];
}

const char *error_text_call(enum app_call call)
{
	switch ((unsigned)call) {
	case APP_CALL_CONNECT:
		return "at connect";
	case APP_CALL_READ:
		return "at a read";
	case APP_CALL_WRITE:
		return "at a write";
	case APP_CALL_NEXT_WRITE:
		return "at a write after the first error";
	default:
		return "at the next read or write";
	}
}

const char *error_text_caveat(enum app_basis basis)
{
	return basis == APP_BASIS_UNVERIFIED ? " (unverified)" : basis == APP_BASIS_INFERRED ? " (inferred)" : "";
}

static void append_error(GString *line, const struct app_error *error, bool in_full)
{
	g_string_append(line, error->code);
	if (error->number)
		g_string_append_printf(line, " (%d)", error->number);
	if (in_full)
		g_string_append_printf(line, " %s", error->message);
	if (line->str[line->len - 1] == '.')
		g_string_truncate(line, line->len - 1);
}

/* The errors of one system: those from `at` on with the same one. */
static size_t end_of_system(const struct app_errors *errors, size_t at)
{
	size_t end = at;

	while (end < errors->len && errors->error[end].os == errors->error[at].os)
		end++;
	return end;
}

static bool same_errors(const struct app_errors *errors, size_t a, size_t b)
{
	const size_t len = end_of_system(errors, a) - a;

	if (len != end_of_system(errors, b) - b)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (errors->error[a + i].number != errors->error[b + i].number)
			return false;
	}
	return true;
}

/* "macOS, BSD": systems that follow each other with the same errors share a line. Moves *at behind them. */
static void append_systems(GString *line, const struct app_errors *errors, size_t *at)
{
	const size_t first = *at;

	for (; *at < errors->len && same_errors(errors, first, *at); *at = end_of_system(errors, *at))
		g_string_append_printf(line, "%s%s", *at == first ? "" : ", ", os_titles[errors->error[*at].os]);
}

/* "A, B or C", by name. */
static void append_error_names(GString *line, const struct app_errors *errors, size_t at, size_t end)
{
	for (size_t i = at; i < end; i++) {
		g_string_append(line, i == at ? "" : i + 1 < end ? ", " : " or ");
		append_error(line, &errors->error[i], false);
	}
}

/* All that is possible on one system, by name: "A, sometimes B or C,". */
static void append_errors_of_system(GString *line, const struct app_errors *errors, size_t at)
{
	const size_t end = end_of_system(errors, at);

	if (!errors->error[at].usual || end == at + 1) {
		append_error_names(line, errors, at, end);
		return;
	}
	append_error(line, &errors->error[at], false);
	g_string_append(line, ", sometimes ");
	append_error_names(line, errors, at + 1, end);
	g_string_append_c(line, ',');
}

size_t error_text_append_systems(GString *line, const struct app_errors *errors, size_t at)
{
	const size_t end = end_of_system(errors, at);
	size_t next = at;

	append_systems(line, errors, &next);
	g_string_append(line, errors->error[at].usual ? ": " : ": possibly ");
	append_error(line, &errors->error[at], true);
	if (end > at + 1)
		g_string_append(line, errors->error[at].usual ? "; sometimes " : "; or ");
	append_error_names(line, errors, at + 1, end);
	return next;
}

void error_text_append_elsewhere(GString *line, const struct app_errors *errors, size_t at)
{
	for (size_t next = at; at < errors->len; at = next) {
		append_errors_of_system(line, errors, at);
		g_string_append(line, " on ");
		append_systems(line, errors, &next);
		g_string_append(line, next < errors->len ? "; " : "");
	}
}
