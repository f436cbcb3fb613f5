#include "cli/input_options.h"

#include "analyzers/address.h"
#include "cli/count_argument.h"
#include "cli/size_argument.h"

static char *filter;
static GPtrArray *local; /* of char *, always with NULL as its last */
static gint64 max_connections;
static uint64_t max_memory;

/* Checked here, so that a mistyped address is a usage error; understood by the pipeline. */
static gboolean take_local(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	uint8_t address[16];
	unsigned bits;

	(void)option;
	(void)data;
	if (!address_parse(value, address, &bits, error))
		return FALSE;
	if (!local) {
		local = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(local, NULL);
	}
	g_ptr_array_insert(local, (gint)local->len - 1, g_strdup(value));
	return TRUE;
}

static gboolean take_max_connections(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)data;
	return count_argument_parse(option, value, PIPELINE_CONNECTIONS_MAX, &max_connections, error);
}

static gboolean take_max_memory(const gchar *option, const gchar *value, gpointer data, GError **error)
{
	(void)option;
	(void)data;
	return size_argument_parse(value, &max_memory, error);
}

static const GOptionEntry entries[] = {
	{"filter", 'f', 0, G_OPTION_ARG_FILENAME, &filter,
	 "Look only at packets that match, in tcpdump's language: \"port 443 and host 192.0.2.1\"", "BPF"},
	{"local", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer)take_local,
	 "Address of the host that captured, where the file does not tell (repeatable)", "ADDR|CIDR"},
	{"max-connections", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer)take_max_connections,
	 "Follow at most so many connections at a time (default 2097152); beyond it some are judged early", "N"},
	{"max-memory", 0, G_OPTION_FLAG_FILENAME, G_OPTION_ARG_CALLBACK, (gpointer)take_max_memory,
	 "Keep what is known of connections within so many bytes (default 1G); beyond it some are judged early", "SIZE"},
	{0}
};
const struct option_section input_section = {"Input", entries};

void input_options_get(struct pipeline_options *out)
{
	out->filter = filter;
	out->local = local ? (const char *const *)local->pdata : NULL;
	out->max_connections = (uint64_t)max_connections;
	out->max_memory = max_memory;
}
