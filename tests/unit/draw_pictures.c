/* Draws the pictures of every connection of a capture, as a bare page with nothing else on it: to be looked at, and for
 * tests that read them as XML.
 *
 * usage: draw_pictures CAPTURE... >page.html */
#include <stdio.h>

#include "cli/pipeline.h"
#include "report/density.h"
#include "report/ladder.h"
#include "report/svg/svg.h"
#include "rules/host/vocabulary.h"

struct drawing {
	GHashTable *ladders; /* of uint64_t to struct ladder */
	GString *out;
	unsigned file;
	struct density density;
	GArray *endings; /* of struct svg_ending */
};

static void free_ladder(gpointer l)
{
	ladder_free(l);
}

static void on_segment(const struct segment *segment, uint64_t id, enum hangup_side sender, void *user)
{
	struct drawing *d = user;
	struct ladder *l = g_hash_table_lookup(d->ladders, &id);

	if (!id)
		return;
	if (!l) {
		l = ladder_new(SVG_LADDER_ROWS);
		g_hash_table_insert(d->ladders, g_memdup2(&id, sizeof(id)), l);
	}
	ladder_add(l, segment, sender);
}

static void draw_ladder(struct drawing *d, const struct ladder *l, const struct hangup_case *c)
{
	const struct hangup_claim *verdict = case_verdict(c);
	g_autoptr(GArray) rows = ladder_rows(l, c);
	g_autofree char *id = g_strdup_printf("f%uc%" G_GUINT64_FORMAT, d->file, c->facts->id);
	g_autofree char *href = g_strdup_printf("%s-e", id), *picture_id = g_strdup_printf("%s-l", id);
	uint64_t evidence[CLAIM_EVIDENCE_MAX];
	struct svg_ladder picture = {
		.id = picture_id,
		.rows = (const struct ladder_row *)(const void *)rows->data,
		.rows_len = rows->len,
		.packets = ladder_packets(l),
		.start_ns = ladder_start_ns(l),
		.end = {c->facts->end[0], c->facts->end[1]},
		.label = verdict->label,
		.actor = verdict->actor,
		.vantage = (enum hangup_vantage)facts_value(c->facts, HANGUP_FACT_VANTAGE, HANGUP_CLIENT),
		.evidence = evidence,
		.evidence_len = verdict->evidence_len,
		.href = href,
	};

	for (size_t i = 0; i < verdict->evidence_len; i++)
		evidence[i] = verdict->evidence[i].packet.number;
	g_string_append_printf(d->out, "<h2 id=\"%s\">%s %s/%s</h2>\n", id, id, label_name(verdict->label), cause_name(verdict->cause));
	svg_ladder_append(d->out, &picture);
	for (size_t i = 0; i < verdict->evidence_len; i++)
		g_string_append_printf(d->out, "<p id=\"%s%" G_GSIZE_FORMAT "\"></p>\n", href, i + 1);
}

static void draw_sequence(struct drawing *d, const struct ladder *l, const struct hangup_case *c)
{
	g_autoptr(GArray) rows = ladder_last(l);
	g_autofree char *id = g_strdup_printf("f%uc%" G_GUINT64_FORMAT "-q", d->file, c->facts->id);
	const struct svg_sequence picture = {
		.id = id,
		.rows = (const struct ladder_row *)(const void *)rows->data,
		.rows_len = rows->len,
		.start_ns = ladder_start_ns(l),
	};

	svg_sequence_append(d->out, &picture);
}

static void add_ending(struct drawing *d, const struct hangup_case *c)
{
	struct hangup_packet first, last;
	const struct svg_ending ending = {
		.label = case_verdict(c)->label,
		.id = c->facts->id,
		.href = g_strdup_printf("f%uc%" G_GUINT64_FORMAT, d->file, c->facts->id),
		.time_ns = facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last) ? last.time_ns : 0,
	};

	if (!facts_packet(c->facts, HANGUP_PACKET_FIRST, HANGUP_CLIENT, &first))
		return;
	density_add(&d->density, first.time_ns, last.time_ns);
	g_array_append_val(d->endings, ending);
}

static void on_begin(int64_t first_ns, void *user)
{
	struct drawing *d = user;

	density_init(&d->density, first_ns);
	d->endings = g_array_new(FALSE, FALSE, sizeof(struct svg_ending));
}

static void draw_timeline(struct drawing *d, const struct run_summary *summary)
{
	g_autofree char *id = g_strdup_printf("f%u-t", d->file);
	const struct svg_incident incidents[] = {
		{.from_ns = summary->first_ns, .to_ns = summary->last_ns, .id = 1},
		{.from_ns = summary->last_ns, .to_ns = summary->last_ns, .id = 12345},
	};
	const struct svg_timeline picture = {
		.id = id,
		.first_ns = summary->first_ns,
		.last_ns = summary->last_ns,
		.density = &d->density,
		.endings = (const struct svg_ending *)(const void *)d->endings->data,
		.endings_len = d->endings->len,
		.incidents = incidents,
		.incidents_len = G_N_ELEMENTS(incidents),
	};

	svg_timeline_append(d->out, &picture);
	for (guint i = 0; i < d->endings->len; i++)
		g_free((char *)(uintptr_t)g_array_index(d->endings, struct svg_ending, i).href);
	g_array_unref(d->endings);
}

static void draw_idle(struct drawing *d)
{
	static const struct svg_timer timers[] = {{INT64_C(60000000000), "</title>60 s & a long name of some device"},
	                                          {INT64_C(350000000000), "AWS NLB 350 s"}};
	struct svg_idle_time times[40];
	const struct svg_idle picture = {
		.id = "idle",
		.above_ns = INT64_C(58000000000),
		.at_most_ns = INT64_C(63000000000),
		.times = times,
		.times_len = G_N_ELEMENTS(times),
		.timers = timers,
		.timers_len = G_N_ELEMENTS(timers),
	};

	for (int i = 0; i < (int)G_N_ELEMENTS(times); i++) {
		int64_t idle = i < 20 ? 58 - 3 * (i % 10) : 63 + i * i / 4 - 100;

		times[i] = (struct svg_idle_time){.idle_ns = idle * 1000000000, .lost = i >= 20, .id = (uint64_t)i + 1};
	}
	svg_idle_append(d->out, &picture);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct drawing *d = user;
	const struct ladder *l = g_hash_table_lookup(d->ladders, &c->facts->id);

	(void)lane;
	add_ending(d, c);
	if (l) {
		draw_ladder(d, l, c);
		draw_sequence(d, l, c);
	}
}

static void refused(const GError *why, void *user)
{
	(void)user;
	g_error("a rule of our own was refused: %s", why->message);
}

static struct rule_set *load_rules(void)
{
	struct rule_set *rules = rule_set_new();
	GError *error = NULL;

#ifdef HANGUP_RULES_FOLDER
	if (!rule_set_add_folder(rules, HANGUP_RULES_FOLDER, refused, NULL, &error))
#else
	if (!rule_set_add_default(rules, refused, NULL, &error))
#endif
		g_error("no rules: %s", error->message);
	return rules;
}

static void draw(struct drawing *d, const struct rule_set *rules, const char *path)
{
	const struct pipeline_options options = {.threads = 1, .settle_ns = INT64_C(3000000000)};
	const struct pipeline_callbacks callbacks = {.begin = on_begin, .verdict = on_verdict, .segment = on_segment, .user = d};
	g_autoptr(GError) error = NULL;
	struct run_summary summary;
	struct source *source = source_open(path, &error);

	if (!source || !pipeline_run(source, rules, &options, &callbacks, &summary, &error))
		g_error("%s: %s", path, error->message);
	source_free(source);
	if (d->endings)
		draw_timeline(d, &summary);
	d->endings = NULL;
}

int main(int arguments, char **argument)
{
	struct rule_set *rules = load_rules();
	struct drawing d = {.out = g_string_new(NULL)};

	for (int i = 1; i < arguments; i++) {
		d.file = (unsigned)i;
		d.ladders = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_ladder);
		draw(&d, rules, argument[i]);
		g_hash_table_unref(d.ladders);
	}
	draw_idle(&d);
	printf("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
	       "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>Pictures</title>\n"
	       "<style>:root{color-scheme:light dark}body{background:var(--svg-paper);color:var(--svg-ink)}\n%s</style>\n</head>\n"
	       "<body>\n%s</body>\n</html>\n", svg_stylesheet(), d.out->str);
	g_string_free(d.out, TRUE);
	rule_set_free(rules);
	return 0;
}
