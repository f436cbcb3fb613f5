/* Draws the pictures of every connection of a capture, as a bare page with nothing else on it: to be looked at, and for
 * tests that read them as XML.
 *
 * usage: draw_pictures CAPTURE... >page.html */
#include <stdio.h>

#include "cli/pipeline.h"
#include "report/ladder.h"
#include "report/svg/svg.h"
#include "rules/host/vocabulary.h"

struct drawing {
	GHashTable *ladders; /* of uint64_t to struct ladder */
	GString *out;
	unsigned file;
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
	g_autofree char *href = g_strdup_printf("%s-e", id);
	uint64_t evidence[CLAIM_EVIDENCE_MAX];
	struct svg_ladder picture = {
		.id = id,
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
	g_string_append_printf(d->out, "<h2>%s %s/%s</h2>\n", id, label_name(verdict->label), cause_name(verdict->cause));
	svg_ladder_append(d->out, &picture);
	for (size_t i = 0; i < verdict->evidence_len; i++)
		g_string_append_printf(d->out, "<p id=\"%s%" G_GSIZE_FORMAT "\"></p>\n", href, i + 1);
}

static void on_verdict(const struct hangup_case *c, unsigned lane, void *user)
{
	struct drawing *d = user;
	const struct ladder *l = g_hash_table_lookup(d->ladders, &c->facts->id);

	(void)lane;
	if (l)
		draw_ladder(d, l, c);
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
	const struct pipeline_callbacks callbacks = {.verdict = on_verdict, .segment = on_segment, .user = d};
	g_autoptr(GError) error = NULL;
	struct run_summary summary;
	struct source *source = source_open(path, &error);

	if (!source || !pipeline_run(source, rules, &options, &callbacks, &summary, &error))
		g_error("%s: %s", path, error->message);
	source_free(source);
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
	printf("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
	       "<meta name=\"viewport\" content=\"width=device-width\"/>\n<title>Pictures</title>\n"
	       "<style>:root{color-scheme:light dark}body{background:var(--svg-paper);color:var(--svg-ink)}\n%s</style>\n</head>\n"
	       "<body>\n%s</body>\n</html>\n", svg_stylesheet(), d.out->str);
	g_string_free(d.out, TRUE);
	rule_set_free(rules);
	return 0;
}
