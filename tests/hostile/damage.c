/* Captures cut off and captures with a wrong byte: each is run whole, in this process, and must end without a report of
 * the sanitizers, keep every promise that whole_run.h lists, and take at most twice the CPU time of the intact file.
 *
 *     damage [--cuts N|all] [--flips N] [--seed N] [--shard I/N] [--noise-ms N] CAPTURE...
 *     damage --change BYTE=VALUE CAPTURE...
 *
 * --cuts all cuts at every offset, a number at so many places chosen at random; --flips changes one byte, at so many
 * places. The same seed gives the same cases. --shard 0/2 runs every second case, 1/2 the others: for two processes.
 * --change (0x is hexadecimal) runs one case again, and says how long it took.
 *
 * Time is noise and a hang is not: a run that seems to take more than twice as long is repeated, and its shortest time
 * counts, as the shortest of several counts for the intact file. What is left is work that the damage made. On a machine
 * that is busy with others, nearly all repeats of a run of half a millisecond can be disturbed: --noise-ms. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#include <glib.h>

#include "tests/hostile/memory_file.h"
#include "tests/hostile/whole_run.h"

enum { INTACT_RUNS = 9, REPEATS_MAX = 30 };
static const double TIMES_MOST = 2.0;

static gchar *cuts_text = NULL;
static gint flips, seed = 1;
static gchar *shard_text = NULL, *change_text = NULL;
static gdouble noise_ms;

static const GOptionEntry entries[] = {
	{"cuts", 0, 0, G_OPTION_ARG_STRING, &cuts_text, "Cut at so many places, or at all", "N|all"},
	{"flips", 0, 0, G_OPTION_ARG_INT, &flips, "Change a byte at so many places", "N"},
	{"seed", 0, 0, G_OPTION_ARG_INT, &seed, "Chooses the places", "N"},
	{"shard", 0, 0, G_OPTION_ARG_STRING, &shard_text, "Run only this part of the cases", "I/N"},
	{"change", 0, 0, G_OPTION_ARG_STRING, &change_text, "Only this one, and say what it takes", "BYTE=VALUE"},
	{"noise-ms", 0, 0, G_OPTION_ARG_DOUBLE, &noise_ms, "Forgive so many milliseconds more: a busy machine", "N"},
	{0}
};

struct damage {
	struct whole_run run;
	struct memory_file *file;
	unsigned shard, shards;
	uint64_t cases; /* counted over all shards */
	uint64_t runs, repeats, slow;
	double worst;   /* times the intact file's */
	/* of the capture at hand */
	const char *path;
	uint8_t *bytes;
	size_t len;
	int64_t intact_ns;
};

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int64_t run_once(struct damage *d)
{
	int64_t begun = cpu_ns();

	whole_run(&d->run, memory_file_path(d->file));
	d->runs++;
	return cpu_ns() - begun;
}

static int64_t shortest_of(struct damage *d, unsigned runs, int64_t enough_ns)
{
	int64_t shortest = run_once(d);

	for (unsigned i = 1; i < runs && shortest > enough_ns; i++) {
		shortest = MIN(shortest, run_once(d));
		d->repeats++;
	}
	return shortest;
}

/* Whether this case is one of ours. */
static bool is_mine(struct damage *d)
{
	return d->cases++ % d->shards == d->shard;
}

static void run_case(struct damage *d, const char *what, size_t place, unsigned value)
{
	int64_t most = (int64_t)(TIMES_MOST * (double)d->intact_ns);
	double times = (double)shortest_of(d, REPEATS_MAX, most) / (double)d->intact_ns;

	d->worst = MAX(d->worst, times);
	if (change_text == NULL &&
	    (times <= TIMES_MOST || (times - TIMES_MOST) * (double)d->intact_ns <= noise_ms * 1e6))
		return;
	d->slow += times > TIMES_MOST;
	printf("%s, %s at byte %zu (%02x): %.2f times as long as intact (%.3f ms)\n", d->path, what, place, value, times,
	       (double)d->intact_ns / 1e6);
}

static void cut(struct damage *d, size_t len)
{
	if (!is_mine(d))
		return;
	memory_file_set(d->file, d->bytes, len);
	run_case(d, "cut", len, 0);
}

static void flip(struct damage *d, size_t place, uint8_t change)
{
	if (!is_mine(d))
		return;
	d->bytes[place] ^= change;
	memory_file_set(d->file, d->bytes, d->len);
	run_case(d, "changed", place, d->bytes[place]);
	d->bytes[place] ^= change;
}

static void cut_everywhere(struct damage *d)
{
	for (size_t len = 0; len < d->len; len++)
		cut(d, len);
}

/* One case again: the byte becomes the value. */
static void change(struct damage *d)
{
	unsigned place, value;

	if (sscanf(change_text, "%i=%i", (int *)&place, (int *)&value) != 2 || place >= d->len || value > UINT8_MAX)
		g_error("--change wants BYTE=VALUE, within the capture");
	flip(d, place, (uint8_t)(d->bytes[place] ^ value));
}

static void run_cases(struct damage *d, GRand *dice)
{
	if (change_text != NULL)
		change(d);
	if (g_strcmp0(cuts_text, "all") == 0)
		cut_everywhere(d);
	else
		for (int n = cuts_text != NULL ? atoi(cuts_text) : 0; n > 0; n--)
			cut(d, (size_t)g_rand_int_range(dice, 0, (gint32)d->len));
	for (int n = flips; n > 0; n--) {
		size_t place = (size_t)g_rand_int_range(dice, 0, (gint32)d->len);

		flip(d, place, (uint8_t)g_rand_int_range(dice, 1, 256));
	}
}

static void damage_capture(struct damage *d, const char *path, GRand *dice)
{
	g_autoptr(GError) error = NULL;
	gchar *bytes;
	gsize len;

	if (!g_file_get_contents(path, &bytes, &len, &error))
		g_error("%s", error->message);
	if (len > 0) {
		d->path = path;
		d->bytes = (uint8_t *)bytes;
		d->len = len;
		memory_file_set(d->file, bytes, len);
		d->intact_ns = shortest_of(d, INTACT_RUNS, 0);
		run_cases(d, dice);
	}
	g_free(bytes);
}

static void set_up(struct damage *d)
{
	*d = (struct damage){.file = memory_file_new(), .shards = 1, .run = {.options = {.threads = 1}}};
	d->run.ndjson = fopen("/dev/null", "w");
	d->run.text = fopen("/dev/null", "w");
	g_assert(d->run.ndjson != NULL && d->run.text != NULL);
	if (shard_text != NULL && (sscanf(shard_text, "%u/%u", &d->shard, &d->shards) != 2 || d->shard >= d->shards))
		g_error("--shard wants I/N, I from 0 to N-1");
	/* Tables are asked for in large pages, and most stay empty: zeroing them would be most of a run. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
}

static void tear_down(struct damage *d)
{
	fclose(d->run.ndjson);
	fclose(d->run.text);
	memory_file_free(d->file);
}

int main(int argc, char **argv)
{
	g_autoptr(GOptionContext) options = g_option_context_new("CAPTURE...");
	g_autoptr(GError) error = NULL;
	struct damage d;
	int64_t begun = cpu_ns();

	g_log_set_always_fatal(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
	g_option_context_add_main_entries(options, entries, NULL);
	if (!g_option_context_parse(options, &argc, &argv, &error))
		g_error("%s", error->message);
	set_up(&d);
	for (int i = 1; i < argc; i++) {
		g_autoptr(GRand) dice = g_rand_new_with_seed((guint32)seed + (guint32)i);

		damage_capture(&d, argv[i], dice);
	}
	printf("%d captures, %" G_GUINT64_FORMAT " runs (%" G_GUINT64_FORMAT " of them repeats), %.0f s of CPU; slowest "
	       "%.2f times the intact file's, %" G_GUINT64_FORMAT " above %.0f\n",
	       argc - 1, d.runs, d.repeats, (double)(cpu_ns() - begun) / 1e9, d.worst, d.slow, TIMES_MOST);
	tear_down(&d);
	return d.slow > 0 || d.runs == 0;
}
