#include "cli/told_book.h"

struct told {
	unsigned updates;
	enum hangup_label label;
	enum hangup_cause cause;
	enum hangup_actor actor;
};

struct told_book {
	GHashTable *told; /* by id: struct told */
	struct told_counts counts;
};

struct told_book *told_book_new(void)
{
	struct told_book *b = g_new0(struct told_book, 1);

	b->told = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	return b;
}

void told_book_free(struct told_book *b)
{
	if (!b)
		return;
	g_hash_table_unref(b->told);
	g_free(b);
}

static bool looks_bad(const struct hangup_claim *verdict)
{
	return verdict->severity == HANGUP_SEVERITY_ABNORMAL && verdict->label != HANGUP_LABEL_STILL_OPEN &&
	       verdict->label != HANGUP_LABEL_UNDETERMINED;
}

static bool is_same(const struct told *t, const struct hangup_claim *verdict)
{
	return t->label == verdict->label && t->cause == verdict->cause && t->actor == verdict->actor;
}

static void write_down(struct told *t, const struct hangup_claim *verdict)
{
	t->label = verdict->label;
	t->cause = verdict->cause;
	t->actor = verdict->actor;
}

static void begin(struct told_book *b, uint64_t id, const struct hangup_claim *verdict)
{
	struct told *t = g_new0(struct told, 1);

	write_down(t, verdict);
	g_hash_table_insert(b->told, g_memdup2(&id, sizeof id), t);
	b->counts.now[verdict->label]++;
	b->counts.first[verdict->label]++;
}

static void correct(struct told_book *b, struct told *t, const struct hangup_claim *verdict)
{
	b->counts.now[t->label]--;
	b->counts.now[verdict->label]++;
	b->counts.corrections++;
	write_down(t, verdict);
}

bool told_book_look(struct told_book *b, const struct hangup_case *c, struct report_told *out)
{
	const struct hangup_claim *verdict = case_verdict(c);
	struct told *t = g_hash_table_lookup(b->told, &c->facts->id);

	*out = (struct report_told){0};
	if (!t && !looks_bad(verdict))
		return false;
	if (!t) {
		begin(b, c->facts->id, verdict);
		return true;
	}
	if (is_same(t, verdict))
		return false;
	correct(b, t, verdict);
	out->update = ++t->updates;
	return true;
}

void told_book_close(struct told_book *b, const struct hangup_case *c, struct report_told *out, bool *out_news)
{
	const struct hangup_claim *verdict = case_verdict(c);
	struct told *t = g_hash_table_lookup(b->told, &c->facts->id);

	*out = (struct report_told){.update = t ? t->updates + 1 : 0, .final = true};
	*out_news = !t || !is_same(t, verdict);
	b->counts.final++;
	if (!t) {
		b->counts.now[verdict->label]++;
		b->counts.first[verdict->label]++;
		return;
	}
	if (*out_news)
		correct(b, t, verdict);
	g_hash_table_remove(b->told, &c->facts->id);
}

const struct told_counts *told_book_counts(const struct told_book *b)
{
	return &b->counts;
}
