/* What the groups of facts are laid out from, and how one is put down: inside facts_fill.c and facts_reset.c only. */
#ifndef ANALYZERS_FACTS_LAYOUT_H
#define ANALYZERS_FACTS_LAYOUT_H

#include "analyzers/facts_fill.h"
#include "analyzers/step.h"

/* The connection being laid out. `of` turns a fact's side into the key's, where what is known stands. */
struct layout {
	const struct ending *ending;
	const struct connection *c;
	const struct teardown *td;
	const struct retry *retry[2]; /* of the key's sides */
	const struct reset *reset[2];
	const struct oddity *odd;
	struct facts *f;
	unsigned of[2];
};

static inline void set(struct layout *l, enum hangup_fact fact, enum hangup_side side, int64_t value)
{
	l->f->value[fact][side] = value;
	l->f->known[fact][side] = true;
}

static inline void set_one(struct layout *l, enum hangup_fact fact, int64_t value)
{
	set(l, fact, HANGUP_CLIENT, value);
}

static inline void put(struct layout *l, enum hangup_packet_role role, enum hangup_side side, struct hangup_packet packet)
{
	l->f->packet[role][side] = packet;
}

/* The groups about RSTs: facts_reset.c. */
void facts_fill_reset(struct layout *l, enum hangup_side side);
void facts_fill_reset_pair(struct layout *l);

#endif
