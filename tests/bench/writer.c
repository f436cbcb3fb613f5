/* How fast verdicts are written, nothing else counted: some of a capture's are kept, and told again and again.
 *
 * usage: writer CAPTURE [OUTPUT] */
#include <stdio.h>
#include <string.h>

#include <sys/resource.h>

#include "cli/pipeline.h"
#include "report/report.h"

enum {
	KEPT = 200,        /* verdicts: as varied as the capture, and still in the cache as a verdict just made is */
	APART = 97,        /* one of so many is kept */
	ROUNDS = 2000,     /* times they are told */
	TURN = 64,         /* verdicts */
};

struct kept {
	struct facts facts;
	struct hangup_case c;
};

struct keeping {
	struct kept *kept;
	size_t len, seen;
};

static void keep(const struct hangup_case *c, unsigned lane, void *user)
{
	struct keeping *k = user;

	(void)lane;
	if (k->seen++ % APART != 0 || k->len == KEPT)
		return;
	struct kept *kept = &k->kept[k->len++];
	kept->facts = *c->facts;
	kept->c = *c;
	kept->c.facts = &kept->facts;
}

static struct rule_set *load_rules(void)
{
	struct rule_set *rules = rule_set_new();
#ifdef HANGUP_RULES_FOLDER
	const gboolean loaded = rule_set_add_folder(rules, HANGUP_RULES_FOLDER, NULL, NULL, NULL);
#else
	const gboolean loaded = rule_set_add_default(rules, NULL, NULL, NULL);
#endif

	g_assert(loaded);
	return rules;
}

static gboolean judge(const char *path, const struct rule_set *rules, struct keeping *out, GError **error)
{
	const struct pipeline_options options = {.threads = 1};
	const struct pipeline_callbacks callbacks = {.verdict = keep, .user = out};
	struct run_summary summary;
	struct source *source = source_open(path, error);
	const gboolean good = source && pipeline_run(source, rules, &options, &callbacks, &summary, error);

	source_free(source);
	return good;
}

static double cpu_seconds(void)
{
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
	       + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/* Bytes that went through this stream: it counts them and passes them on. */
struct counted {
	FILE *to;
	uint64_t bytes;
};

static ssize_t pass_on(void *cookie, const char *bytes, size_t len)
{
	struct counted *counted = cookie;

	counted->bytes += len;
	return (ssize_t)fwrite(bytes, 1, len, counted->to);
}

static void tell(struct report_sink *sink, struct keeping *kept)
{
	uint64_t id = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < kept->len; i++) {
			kept->kept[i].facts.id = ++id;
			report_verdict(sink, 0, &kept->kept[i].c);
			if (id % TURN == 0)
				report_turn(sink);
		}
	}
}

static void measure(struct keeping *kept, const char *to)
{
	const struct report_options options = {.input_name = "capture.pcap", .width = 80};
	const struct run_summary summary = {.connections = kept->len * ROUNDS};
	struct counted counted = {.to = fopen(to, "w")};
	FILE *stream = fopencookie(&counted, "w", (cookie_io_functions_t){.write = pass_on});

	g_assert(counted.to && stream && kept->len > 0);
	setvbuf(stream, NULL, _IONBF, 0);
	setvbuf(counted.to, NULL, _IONBF, 0);
	const double begun = cpu_seconds();
	struct report_sink *sink = report_ndjson_new(stream, &options);
	tell(sink, kept);
	g_assert(report_finish(sink, &summary, NULL));
	const double seconds = cpu_seconds() - begun, megabytes = (double)counted.bytes / 1e6;

	printf("%s: %zu lines, %.0f MB, %.3f s of CPU, %.0f MB/s, %.0f ns a line\n", to, kept->len * ROUNDS, megabytes,
	       seconds, megabytes / seconds, seconds * 1e9 / (double)(kept->len * ROUNDS));
	fclose(stream);
	fclose(counted.to);
}

int main(int argc, char **argv)
{
	struct keeping kept = {.kept = g_new(struct kept, KEPT)};
	g_autoptr(GError) error = NULL;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: writer CAPTURE [OUTPUT]\n");
		return 2;
	}
	struct rule_set *rules = load_rules();
	if (!judge(argv[1], rules, &kept, &error)) {
		fprintf(stderr, "writer: %s\n", error->message);
		return 1;
	}
	measure(&kept, argc == 3 ? argv[2] : "/dev/null");
	rule_set_free(rules);
	g_free(kept.kept);
	return 0;
}
