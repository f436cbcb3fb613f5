#include "analyzers/losses.h"

#include <string.h>

/* The two oldest become one: what lies between them counts as well. */
static void make_room(struct losses *l)
{
	l->all[1].from_ns = l->all[0].from_ns;
	l->all[1].count += l->all[0].count;
	memmove(&l->all[0], &l->all[1], --l->len * sizeof l->all[0]);
}

void losses_note(struct losses *l, uint64_t total, int64_t now_ns)
{
	if (total > l->total) {
		if (l->len == LOSSES_MAX)
			make_room(l);
		l->all[l->len++] = (struct loss){.from_ns = l->noted_ns - LOSSES_LAG_NS, .until_ns = now_ns, .count = total - l->total};
		l->total = total;
	}
	l->noted_ns = now_ns;
}

uint64_t losses_between(const struct losses *l, int64_t from_ns, int64_t until_ns)
{
	uint64_t sum = 0;

	for (size_t i = l->len; i > 0 && l->all[i - 1].until_ns >= from_ns; i--)
		if (l->all[i - 1].from_ns <= until_ns)
			sum += l->all[i - 1].count;
	return sum;
}
