#include "cli/selection.h"

#include "analyzers/address.h"
#include "cli/anonymize.h"
#include "cli/time_argument.h"
#include "rules/host/vocabulary.h"

static struct report_selection chosen;
static struct time_argument from, to;

/* ---------------------------------------------------------------------------------- names from the vocabulary */

static const char *label_nth(unsigned index)
{
	return index < HANGUP_LABEL_COUNT ? label_name((enum hangup_label)index) : NULL;
}

static const char *severity_nth(unsigned index)
{
	return index < HANGUP_SEVERITY_COUNT ? severity_name((enum hangup_severity)index) : NULL;
}

static char *all_names(const char *(*nth)(unsigned index))
{
	GString *names = g_string_new(nth(0));

	for (unsigned i = 1; nth(i); i++)
		g_string_append_printf(names, ", %s", nth(i));
	return g_string_free(names, FALSE);
}

static gboolean add_name(const char *name, const char *(*nth)(unsigned index), uint32_t *set, GError **error)
{
	g_autofree char *all = NULL;

	for (unsigned i = 0; nth(i); i++) {
		if (g_str_equal(nth(i), name)) {
			*set |= 1u << i;
			return TRUE;
		}
	}
	all = all_names(nth);
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is none of %s", name, all);
	return FALSE;
}

static gboolean parse_names(const char *text, const char *(*nth)(unsigned index), uint32_t *set, GError **error)
{
	g_auto(GStrv) names = g_strsplit(text, ",", -1);

	for (char **name = names; *name; name++)
		if (!add_name(*name, nth, set, error))
			return FALSE;
	return TRUE;
}

gboolean selection_parse_labels(const char *text, uint32_t *labels, GError **error)
{
	return parse_names(text, label_nth, labels, error);
}

/* ------------------------------------------------------------------------------------------- option callbacks */

static gboolean take_label(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return selection_parse_labels(value, &chosen.labels, error);
}

static gboolean take_severity(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return parse_names(value, severity_nth, &chosen.severities, error);
}

static gboolean take_host(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	chosen.has_host = true;
	return address_parse(value, chosen.host, &chosen.host_prefix, error);
}

static gboolean take_port(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	guint64 port;

	(void)option;
	(void)data;
	if (!g_ascii_string_to_unsigned(value, 10, 1, G_MAXUINT16, &port, NULL)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is no port number", value);
		return FALSE;
	}
	chosen.port = (uint16_t)port;
	return TRUE;
}

static gboolean take_from(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return time_argument_parse(value, &from, error);
}

static gboolean take_to(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return time_argument_parse(value, &to, error);
}

#define CALLBACK G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK

static const GOptionEntry entries[] = {
	{"label", 0, CALLBACK, (gpointer)take_label, "Only these endings, by label (repeatable)", "LABEL[,LABEL...]"},
	{"severity", 0, CALLBACK, (gpointer)take_severity, "Only these: normal, harmless, abnormal (repeatable)",
	 "SEVERITY[,...]"},
	{"host", 0, CALLBACK, (gpointer)take_host, "Only connections of this host or block of addresses; the real one, with --anonymize too", "ADDR|CIDR"},
	{"port", 0, CALLBACK, (gpointer)take_port, "Only connections with this port at either end", "PORT"},
	{"from", 0, CALLBACK, (gpointer)take_from,
	 "Only connections that lasted until this time or longer: 2024-05-01T10:02:03Z, seconds since 1970, or 10:02 "
	 "(UTC, on the day of the first packet)", "TIME"},
	{"to", 0, CALLBACK, (gpointer)take_to, "Only connections that began by this time", "TIME"},
	{0}
};
const struct option_section selection_section = {"Which connections", entries};

/* ----------------------------------------------------------------------------------------------------- result */

gboolean selection_check(GError **error)
{
	if (!from.given || !to.given || from.time_of_day != to.time_of_day || from.ns <= to.ns)
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--from is later than --to%s",
	            from.time_of_day ? "; both are on the day of the first packet, so give dates to go past midnight" : "");
	return FALSE;
}

void selection_get(struct report_selection *out, int64_t day_ns)
{
	*out = chosen;
	if (out->has_host && anonymize_with())
		anonymizer_address(anonymize_with(), out->host, out->host);
	out->from_ns = from.given ? time_argument_resolve(&from, day_ns) : 0;
	out->to_ns = to.given ? time_argument_resolve(&to, day_ns) : 0;
}
