/* "Lost" is never seen in a capture. What is seen: a sender repeats what had not been acknowledged, and some of it never
 * is. A packet that a RST answered did arrive, so the RST settles the last copy of what was on its way. */
#include "report/ladder_fate.h"

#include "capture/segment.h"

static uint32_t end_of(const struct ladder_row *row)
{
	return row->seq + row->len + !!(row->flags & TCP_SYN) + !!(row->flags & TCP_FIN);
}

static bool overlap(const struct ladder_row *one, const struct ladder_row *other)
{
	return !one->icmp && !other->icmp && one->sender == other->sender
	       && (int32_t)(one->seq - end_of(other)) < 0 && (int32_t)(other->seq - end_of(one)) < 0;
}

static const struct ladder_row *at(const GArray *rows, guint i)
{
	return &g_array_index(rows, struct ladder_row, i);
}

/* Sent again later, unacknowledged until then. */
static bool repeated(const struct ladder_row *row, const GArray *kept)
{
	for (guint i = 0; i < kept->len; i++) {
		const struct ladder_row *later = at(kept, i);

		if (later->place > row->place && later->unheard && overlap(row, later))
			return true;
	}
	return false;
}

static bool acknowledged(const struct ladder_row *row, const struct ladder_answers *a)
{
	if ((int32_t)(end_of(row) - a->acked) <= 0)
		return true;
	return a->sack_right != a->sack_left && (int32_t)(row->seq - a->sack_left) >= 0
	       && (int32_t)(end_of(row) - a->sack_right) <= 0;
}

static enum ladder_fate fate_of(const struct ladder_row *row, const GArray *kept, const struct ladder_answers *a)
{
	if (row->icmp || (row->flags & TCP_RST))
		return LADDER_NOTHING_TO_TELL;
	if (row->probe)
		return a->place > row->place ? LADDER_NOTHING_TO_TELL : LADDER_UNANSWERED;
	if (end_of(row) == row->seq)
		return LADDER_NOTHING_TO_TELL;
	bool again = repeated(row, kept);
	if (acknowledged(row, a))
		return again ? LADDER_REPEATED : LADDER_NOTHING_TO_TELL;
	return !again && a->reset_place > row->place ? LADDER_NOTHING_TO_TELL : LADDER_UNANSWERED;
}

/* Since the latest earlier packet with the same of it. */
static int64_t since_of(const struct ladder_row *row, const GArray *kept)
{
	const struct ladder_row *before = NULL;

	if (!row->again && !(row->probe && row->times > 1))
		return 0;
	for (guint i = 0; i < kept->len; i++) {
		const struct ladder_row *k = at(kept, i);
		bool same = row->probe ? k->probe && k->sender == row->sender : overlap(k, row);

		if (k->place < row->place && same && (!before || k->place > before->place))
			before = k;
	}
	return before ? MAX(row->time_ns - before->time_ns, 0) : 0;
}

void ladder_settle(GArray *rows, const GArray *kept, const struct ladder_answers answers[2])
{
	for (guint i = 0; i < rows->len; i++) {
		struct ladder_row *row = &g_array_index(rows, struct ladder_row, i);

		row->fate = fate_of(row, kept, &answers[row->sender]);
		row->since_ns = since_of(row, kept);
	}
}
