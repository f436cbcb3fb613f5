/* generate: writes a large capture of mixed TCP traffic, the same bytes for the same options, and says on stdout,
 * as one JSON object, what is in it. */
#include <stdio.h>

#include "tests/bench/traffic.h"

static struct options {
	gchar *standard, *shares, *life;
	gdouble scale;
	gint64 packets, seed, start;
	gint connections, concurrency, snaplen, clients, servers, one_net, ipv6, full, loss, ack_every, talk_min,
		talk_max;
} options = {.scale = 1, .packets = -1, .seed = -1, .start = -1, .connections = -1, .concurrency = -1, .snaplen = -1,
             .clients = -1, .servers = -1, .one_net = -1, .ipv6 = -1, .full = -1, .loss = -1, .ack_every = -1,
             .talk_min = -1, .talk_max = -1};

static const GOptionEntry entries[] = {
	{"standard", 0, 0, G_OPTION_ARG_STRING, &options.standard,
	 "Begin with a standard capture: A (default) mixed, headers only; B full-size packets; C short connections",
	 "A|B|C"},
	{"scale", 0, 0, G_OPTION_ARG_DOUBLE, &options.scale, "Times as many packets and connections", "FACTOR"},
	{"connections", 0, 0, G_OPTION_ARG_INT, &options.connections, "Connections to begin", "N"},
	{"packets", 0, 0, G_OPTION_ARG_INT64, &options.packets, "Packets, where the capture stops", "N"},
	{"concurrency", 0, 0, G_OPTION_ARG_INT, &options.concurrency, "Connections alive at once", "N"},
	{"snaplen", 0, 0, G_OPTION_ARG_INT, &options.snaplen, "Bytes captured of a packet", "N"},
	{"seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "Another seed, other traffic of the same kind", "N"},
	{"start", 0, 0, G_OPTION_ARG_INT64, &options.start, "Time of the first packet, Unix seconds", "N"},
	{"clients", 0, 0, G_OPTION_ARG_INT, &options.clients, "Client addresses", "N"},
	{"servers", 0, 0, G_OPTION_ARG_INT, &options.servers, "Server addresses", "N"},
	{"one-net", 0, 0, G_OPTION_ARG_INT, &options.one_net, "Of 1000 clients, those in 10.0.0.0/8", "N"},
	{"ipv6", 0, 0, G_OPTION_ARG_INT, &options.ipv6, "Of 1000 connections, those over IPv6", "N"},
	{"full", 0, 0, G_OPTION_ARG_INT, &options.full, "Of 1000 responses, those of full-size segments", "N"},
	{"loss", 0, 0, G_OPTION_ARG_INT, &options.loss, "Of 1000 flights, those that lose a segment", "N"},
	{"ack-every", 0, 0, G_OPTION_ARG_INT, &options.ack_every, "Full-size segments to one acknowledgement", "N"},
	{"talk-min", 0, 0, G_OPTION_ARG_INT, &options.talk_min, "Fewest packets between opening and ending", "N"},
	{"talk-max", 0, 0, G_OPTION_ARG_INT, &options.talk_max, "Most packets between opening and ending", "N"},
	{"life", 0, 0, G_OPTION_ARG_STRING, &options.life, "Shortest and longest talk, seconds", "MIN-MAX"},
	{"share", 0, 0, G_OPTION_ARG_STRING, &options.shares,
	 "How many of a million connections take a course (names: course.def)", "COURSE=N,..."},
	G_OPTION_ENTRY_NULL
};

/* --- options --------------------------------------------------------------------------------------------- */

static gboolean take_number(uint32_t *to, gint64 value, const char *name, gint64 least, gint64 most, GError **error)
{
	if (value == -1)
		return TRUE;
	if (value < least || value > most) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s must be %" G_GINT64_FORMAT " to %"
		            G_GINT64_FORMAT, name, least, most);
		return FALSE;
	}
	*to = (uint32_t)value;
	return TRUE;
}

static gboolean take_numbers(struct settings *s, GError **error)
{
	const struct {
		const char *name;
		uint32_t *to;
		gint64 value, least, most;
	} numbers[] = {
		{"connections", &s->connections, options.connections, 1, G_MAXINT32},
		{"concurrency", &s->concurrency, options.concurrency, 1, G_MAXINT32},
		{"snaplen", &s->snaplen, options.snaplen, 54, 65535},
		{"clients", &s->clients, options.clients, 1, 1 << 24},
		{"servers", &s->servers, options.servers, 1, 1 << 17},
		{"one-net", &s->one_net, options.one_net, 0, 1000},
		{"ipv6", &s->ipv6, options.ipv6, 0, 1000},
		{"full", &s->full, options.full, 0, 1000},
		{"loss", &s->loss, options.loss, 0, 1000},
		{"ack-every", &s->ack_every, options.ack_every, 1, 64},
		{"talk-min", &s->talk_min, options.talk_min, 1, G_MAXINT32},
		{"talk-max", &s->talk_max, options.talk_max, 2, G_MAXINT32},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		if (!take_number(numbers[i].to, numbers[i].value, numbers[i].name, numbers[i].least, numbers[i].most,
		                 error))
			return FALSE;
	return TRUE;
}

static gboolean take_life(struct settings *s, GError **error)
{
	if (!options.life || (sscanf(options.life, "%lf-%lf", &s->life_min_s, &s->life_max_s) == 2 &&
	                      s->life_min_s > 0 && s->life_max_s > s->life_min_s))
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--life: \"%s\" is no MIN-MAX", options.life);
	return FALSE;
}

static gboolean take_scale(struct settings *s, GError **error)
{
	if (options.scale > 0 && options.scale <= 100) {
		settings_scale(s, options.scale);
		return TRUE;
	}
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--scale must be above 0, to 100");
	return FALSE;
}

static gboolean take_options(struct settings *s, GError **error)
{
	settings_init();
	if (!settings_standard(s, options.standard ? options.standard : "A", error) || !take_scale(s, error) ||
	    !take_numbers(s, error) || !take_life(s, error))
		return FALSE;
	if (options.packets >= 0)
		s->packets = (uint64_t)options.packets;
	if (options.seed >= 0)
		s->seed = (uint64_t)options.seed;
	if (options.start >= 0)
		s->start_s = options.start;
	return !options.shares || settings_take_shares(s, options.shares, error);
}

/* --- the result ------------------------------------------------------------------------------------------ */

static void tell(const struct capture_writer *w, const struct traffic_counts *counts)
{
	printf("{\"packets\": %" G_GUINT64_FORMAT ", \"bytes\": %" G_GUINT64_FORMAT ", \"snaplen\": %u, \"connections\": %"
	       G_GUINT64_FORMAT ", \"live_peak\": %" G_GUINT64_FORMAT ", \"duration_s\": %.1f, \"courses\": {",
	       w->packets, w->bytes, w->snaplen, counts->connections, counts->live_peak,
	       (double)(counts->last_ns - counts->first_ns) / 1e9);
	for (size_t i = 0; i < COURSES; i++)
		printf("%s\"%s\": %" G_GUINT64_FORMAT, i ? ", " : "", courses[i].name, counts->taken[i]);
	printf("}}\n");
}

static gboolean generate(char **arguments, GError **error)
{
	struct settings settings;
	struct capture_writer writer;
	struct traffic_counts counts;

	if (!arguments[1] || arguments[2]) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "one file to write is needed");
		return FALSE;
	}
	if (!take_options(&settings, error) ||
	    !capture_writer_open(&writer, arguments[1], settings.snaplen, error))
		return FALSE;
	traffic_write(&settings, &writer, &counts);
	if (!capture_writer_close(&writer, error))
		return FALSE;
	tell(&writer, &counts);
	return TRUE;
}

int main(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new("FILE");
	g_autoptr(GError) error = NULL;

	(void)argc;
	g_option_context_set_summary(context, "Writes a large capture of mixed TCP traffic.");
	g_option_context_add_main_entries(context, entries, NULL);
	g_auto(GStrv) arguments = g_strdupv(argv);
	if (g_option_context_parse_strv(context, &arguments, &error) && generate(arguments, &error))
		return 0;
	fprintf(stderr, "generate: %s\n", error->message);
	return 2;
}
