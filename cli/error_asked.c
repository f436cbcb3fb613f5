#include "cli/error_asked.h"

#include "cli/time_argument.h"

enum { BEST_DEFAULT = 20, BEST_MAX = 10000, SECONDS_MAX = 7 * 86400 };

static char *text;
static struct time_argument at;
static bool skew_given, next_call_given;
static gint best;
static struct error_asked asked = {.skew_ns = CANDIDATE_SKEW_S * INT64_C(1000000000),
                                   .next_call_ns = TOLD_NEXT_CALL_S * INT64_C(1000000000)};

static gboolean take_error(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	g_free(text);
	text = g_strdup(value);
	return error_query_parse(value, &asked.query, error);
}

static gboolean take_at(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return time_argument_parse(value, &at, error);
}

static gboolean seconds_parse(const char *value, int64_t *out_ns, bool *out_given, GError **error)
{
	char *end;
	const double seconds = g_ascii_strtod(value, &end);

	if (end == value || *end || !(seconds >= 0 && seconds <= SECONDS_MAX)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is no number of seconds up to %d", value,
		            (int)SECONDS_MAX);
		return FALSE;
	}
	*out_given = true;
	*out_ns = (int64_t)(seconds * 1e9);
	return TRUE;
}

static gboolean take_skew(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return seconds_parse(value, &asked.skew_ns, &skew_given, error);
}

static gboolean take_next_call(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return seconds_parse(value, &asked.next_call_ns, &next_call_given, error);
}

static gboolean take_best(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	guint64 number;

	(void)option;
	(void)data;
	if (!g_ascii_string_to_unsigned(value, 10, 1, BEST_MAX, &number, NULL)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is no number from 1 to %d", value,
		            (int)BEST_MAX);
		return FALSE;
	}
	best = (gint)number;
	return TRUE;
}

#define CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK

static const GOptionEntry entries[] = {
	{"error", 0, CALLBACK, (gpointer)take_error,
	 "Only what can have produced this error, the likeliest first: a code, a name, or a line of a log (see hangup errors)",
	 "ERROR"},
	{"at", 0, CALLBACK, (gpointer)take_at,
	 "With --error: the time in the log; what is near it comes first. As with --from", "TIME"},
	{"skew", 0, CALLBACK, (gpointer)take_skew,
	 "With --at: by how much the clocks of log and capture may differ (default 5)", "SECONDS"},
	{"next-call", 0, CALLBACK, (gpointer)take_next_call,
	 "With --at: how long after a RST or FIN the program's next call may be told of it (default 1800)", "SECONDS"},
	{"best", 0, CALLBACK, (gpointer)take_best, "With --error: tell of at most so many (default 20)", "N"},
	{0}
};
const struct option_section error_section = {"Which error", entries};

static gboolean stands_alone(const char *option, const char *wanted, GError **error)
{
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s needs %s", option, wanted);
	return FALSE;
}

gboolean error_asked_check(GError **error)
{
	if (at.given && !text)
		return stands_alone("--at", "--error", error);
	if (skew_given && !at.given)
		return stands_alone("--skew", "--at", error);
	if (next_call_given && !at.given)
		return stands_alone("--next-call", "--at", error);
	return !best || text || stands_alone("--best", "--error", error);
}

bool error_asked_given(void)
{
	return text != NULL;
}

const struct error_asked *error_asked_get(int64_t day_ns)
{
	if (!text)
		return NULL;
	asked.text = text;
	asked.has_time = at.given;
	asked.at_ns = at.given ? time_argument_resolve(&at, day_ns) : 0;
	asked.best = best ? (unsigned)best : BEST_DEFAULT;
	return &asked;
}
