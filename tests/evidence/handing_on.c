#include "tests/evidence/handing_on.h"

#include <glib/gstdio.h>

#include "cli/pipeline.h"
#include "report/evidence.h"
#include "tests/hostile/whole_run.h"

enum { BATCH = 64 };

struct collecting {
	GArray *judged;            /* or */
	struct evidence *evidence;
};

static void note(GArray *all, const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);
	struct hangup_packet first = {0};
	struct judged j = {
		.id = c->facts->id,
		.port = {c->facts->end[HANGUP_CLIENT].port, c->facts->end[HANGUP_SERVER].port},
		.label = verdict->label,
		.cause = verdict->cause,
		.actor = verdict->actor,
		.severity = verdict->severity,
	};

	facts_packet(c->facts, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first);
	j.start_ns = first.time_ns;
	g_array_append_val(all, j);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	const struct collecting *to = user;

	if (to->judged)
		note(to->judged, c);
	else
		evidence_verdict(to->evidence, lane, c);
}

static void on_no_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	(void)c;
	(void)lane;
	(void)user;
}

static void on_segment(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user)
{
	(void)sender;
	evidence_segment(((struct collecting *)user)->evidence, segment, id);
}

static struct source *open_source(const char *path, struct anonymizer *anonymizer)
{
	struct source *source = source_open(path, NULL);

	if (source && anonymizer)
		source_anonymize(source, anonymizer);
	return source;
}

static void run(const char *path, struct anonymizer *anonymizer, struct collecting *to, pipeline_segment_fn segment)
{
	const struct pipeline_options options = {.threads = 1, .anonymizer = anonymizer};
	const struct pipeline_callbacks callbacks = {
		.verdict = segment ? on_no_verdict : on_verdict, .segment = segment, .user = to};
	struct source *source = open_source(path, anonymizer);
	struct run_summary summary;

	if (source)
		pipeline_run(source, whole_run_rules(), &options, &callbacks, &summary, NULL);
	source_free(source);
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	const struct judged *one = a, *other = b;

	return one->id < other->id ? -1 : one->id > other->id;
}

GArray *handing_on_judge(const char *path, struct anonymizer *anonymizer)
{
	struct collecting to = {.judged = g_array_new(FALSE, FALSE, sizeof(struct judged))};

	run(path, anonymizer, &to, NULL);
	g_array_sort(to.judged, by_id);
	return to.judged;
}

static void copy(const char *path, struct anonymizer *anonymizer, struct evidence *evidence, GByteArray *out)
{
	struct source *source = open_source(path, anonymizer);
	struct frame frames[BATCH];
	size_t n;

	evidence_begin(evidence, out);
	while (source && (n = source_next_batch(source, frames, BATCH, NULL)) > 0) {
		for (size_t i = 0; i < n; i++)
			evidence_frame(evidence, source, &frames[i], out);
	}
	if (source)
		evidence_end(evidence, source, out);
	source_free(source);
}

GByteArray *handing_on_evidence(const char *path, struct anonymizer *anonymizer, unsigned packets_max)
{
	const struct report_options report = {.input_name = anonymizer ? "input-1" : path};
	const struct evidence_options options = {
		.report = &report, .application = "a test", .anonymizer = anonymizer, .packets_max = packets_max};
	struct collecting to = {.evidence = evidence_new(&options)};
	GByteArray *out = g_byte_array_new();

	run(path, anonymizer, &to, NULL);
	evidence_choose(to.evidence, NULL);
	run(path, anonymizer, &to, on_segment);
	copy(path, anonymizer, to.evidence, out);
	evidence_free(to.evidence);
	return out;
}

char *handing_on_save(const GByteArray *bytes)
{
	char *path = NULL;
	int fd = g_file_open_tmp("hangup-test-XXXXXX", &path, NULL);

	g_assert(fd >= 0);
	g_close(fd, NULL);
	g_assert(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, NULL));
	return path;
}
