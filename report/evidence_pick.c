#include "report/evidence_pick.h"

#include <inttypes.h>
#include <string.h>

#include "rules/host/text.h"

void pick_init(struct pick *p, size_t packets_max)
{
	memset(p, 0, sizeof(*p));
	p->tail_max = packets_max / 2;
	p->head_max = packets_max - p->tail_max;
	p->head = g_array_new(FALSE, FALSE, sizeof(struct pick_packet));
	p->tail = g_array_new(FALSE, FALSE, sizeof(struct pick_packet));
}

void pick_clear(struct pick *p)
{
	g_array_unref(p->head);
	g_array_unref(p->tail);
}

static void note_pause(struct pick *p, struct pick_packet now)
{
	struct pick_pause *shortest = &p->pauses[0];
	const int64_t ns = now.time_ns - p->previous.time_ns;

	for (size_t i = 1; i < PICK_PAUSES; i++)
		shortest = p->pauses[i].ns < shortest->ns ? &p->pauses[i] : shortest;
	if (p->total > 0 && ns >= PICK_PAUSE_NS && ns > shortest->ns)
		*shortest = (struct pick_pause){ns, p->previous, now};
}

void pick_add(struct pick *p, const struct segment *segment)
{
	const struct pick_packet now = {segment->number, segment->time_ns};

	note_pause(p, now);
	p->previous = now;
	if (p->head->len < p->head_max)
		g_array_append_val(p->head, now);
	else if (p->tail->len < p->tail_max)
		g_array_append_val(p->tail, now);
	else
		g_array_index(p->tail, struct pick_packet, (p->total - p->head_max) % p->tail_max) = now;
	p->total++;
}

bool pick_is_short(const struct pick *p)
{
	return p->total > p->head->len + p->tail->len;
}

static void visit_all(const GArray *packets, const char *why, pick_visit_fn visit, void *user)
{
	for (guint i = 0; i < packets->len; i++)
		visit(g_array_index(packets, struct pick_packet, i).number, why, user);
}

static void visit_pause(const struct pick_pause *pause, pick_visit_fn visit, void *user)
{
	g_autoptr(GString) why = g_string_new("before a pause of ");
	const size_t before = why->len;

	text_append_duration(why, pause->ns);
	visit(pause->before.number, why->str, user);
	g_string_erase(why, 0, (gssize)before);
	g_string_prepend(why, "after a pause of ");
	visit(pause->after.number, why->str, user);
}

void pick_visit(const struct pick *p, pick_visit_fn visit, void *user)
{
	const bool whole = !pick_is_short(p);

	for (size_t i = 0; i < PICK_PAUSES; i++) {
		if (p->pauses[i].ns > 0)
			visit_pause(&p->pauses[i], visit, user);
	}
	visit_all(p->head, whole ? NULL : "of its beginning", visit, user);
	visit_all(p->tail, whole ? NULL : "of its end", visit, user);
}
