/* A connection may have millions of packets, and which of them are evidence is known only at the end. So three
 * small stores are kept while reading: the first packets, the last ones (a ring), and those that could be
 * evidence (a ring of packets that open, close, reset, repeat, or come after a long pause). What is drawn is the
 * evidence, and in the rows that are left the beginning and the end. */
#include "report/ladder.h"

#include <stdbool.h>
#include <string.h>

#include "report/ladder_fate.h"

enum {
	FIRST_KEPT = 8,    /* rows of the beginning that are kept */
	FIRST_SHOWN = 3,   /* and shown when the rows do not reach for all */
	LAST_KEPT = 256,
	TELLING_KEPT = 256,
};

/* The newest rows of a kind. */
struct ring {
	struct ladder_row *rows;
	size_t size;
	uint64_t added;
};

/* What is known of a sender's numbers. */
struct sender {
	bool known;
	uint32_t base; /* sequence number that is shown as 0 */
	uint32_t next; /* relative: beyond all it has sent */
	uint8_t scale; /* of its window; counts only when both offered one */
	bool scale_offered;
	uint32_t again_seq; /* relative: what it sent again, or probed with, last */
	uint16_t times;     /* in a row */
	struct ladder_answers answers; /* to what it sent */
};

struct ladder {
	size_t rows_max;
	uint64_t packets;
	struct ladder_row first[FIRST_KEPT];
	struct ring last, telling;
	struct sender sender[2]; /* by enum hangup_side */
	int64_t before_ns;       /* time of the packet before */
};

static void ring_init(struct ring *r, size_t size)
{
	r->rows = g_new0(struct ladder_row, size);
	r->size = size;
}

static void ring_add(struct ring *r, const struct ladder_row *row)
{
	r->rows[r->added++ % r->size] = *row;
}

struct ladder *ladder_new(size_t rows_max)
{
	struct ladder *l = g_new0(struct ladder, 1);

	l->rows_max = MAX(rows_max, FIRST_SHOWN + 2);
	ring_init(&l->last, MAX(LAST_KEPT, l->rows_max));
	ring_init(&l->telling, TELLING_KEPT);
	return l;
}

void ladder_free(struct ladder *l)
{
	if (!l)
		return;
	g_free(l->last.rows);
	g_free(l->telling.rows);
	g_free(l);
}

/* --- collecting -------------------------------------------------------------------------------------- */
static void learn_base(struct sender *s, uint32_t base)
{
	if (s->known)
		return;
	s->known = true;
	s->base = base;
}

/* An acknowledgement of what was not captured acknowledges all that was; in a RST it may be nonsense. */
static void learn_answer(const struct ladder *l, const struct segment *segment, struct sender *asked)
{
	struct ladder_answers *a = &asked->answers;
	uint32_t ack = segment->ack - asked->base;

	a->place = l->packets;
	if (segment->flags & TCP_RST)
		a->reset_place = l->packets;
	if (segment->options & OPTION_SACK) {
		a->sack_left = segment->sack_left - asked->base;
		a->sack_right = segment->sack_right - asked->base;
	}
	if (!asked->known || !(segment->flags & TCP_ACK) || ((segment->flags & TCP_RST) && (int32_t)(ack - asked->next) > 0))
		return;
	if ((int32_t)(ack - a->acked) > 0)
		a->acked = (int32_t)(ack - asked->next) > 0 ? asked->next : ack;
}

static void learn(struct ladder *l, const struct segment *segment, enum hangup_side sender)
{
	struct sender *own = &l->sender[sender], *other = &l->sender[!sender];

	if (segment->kind != SEGMENT_TCP)
		return;
	if (segment->flags & TCP_SYN) {
		own->scale_offered = segment->options & OPTION_WINDOW_SCALE;
		own->scale = segment->window_scale;
	}
	learn_base(own, segment->seq);
	if ((segment->flags & TCP_ACK) && !(segment->flags & TCP_RST))
		learn_base(other, segment->ack);
	learn_answer(l, segment, other);
}

static uint32_t window_of(const struct ladder *l, const struct segment *segment, enum hangup_side sender)
{
	bool scaled = l->sender[HANGUP_CLIENT].scale_offered && l->sender[HANGUP_SERVER].scale_offered
	              && !(segment->flags & TCP_SYN);

	return (uint32_t)segment->window << (scaled ? MIN(l->sender[sender].scale, 14) : 0);
}

static void count_times(struct sender *own, struct ladder_row *row, bool anything)
{
	if (row->again || row->probe) {
		own->times = own->times > 0 && own->again_seq == row->seq ? (uint16_t)MIN(own->times + 1, UINT16_MAX) : 1;
		own->again_seq = row->seq;
		row->times = own->times;
	} else if (anything) {
		own->times = 0;
	}
}

/* Compares with what the sender has sent before, and remembers it. */
static void place_in_sequence(struct sender *own, struct ladder_row *row)
{
	uint32_t len = row->len + !!(row->flags & TCP_SYN) + !!(row->flags & TCP_FIN);
	uint32_t end = row->seq + len;
	bool old = (int32_t)(end - own->next) <= 0;

	if (row->flags & TCP_RST)
		return;
	row->probe = row->len <= 1 && !(row->flags & (TCP_SYN | TCP_FIN)) && own->next > 0
	             && row->seq == own->next - 1;
	row->again = len > 0 && old && own->next > 0 && !row->probe;
	row->unheard = row->again && (int32_t)(end - own->answers.acked) > 0;
	if (!old)
		own->next = end;
	count_times(own, row, len > 0);
}

static struct ladder_row row_of(struct ladder *l, const struct segment *segment, enum hangup_side sender)
{
	struct sender *own = &l->sender[sender];
	struct ladder_row row = {
		.number = segment->number,
		.time_ns = segment->time_ns,
		.place = l->packets,
		.seq = segment->seq - own->base,
		.ack = segment->ack - l->sender[!sender].base,
		.len = segment->payload_len,
		.window = window_of(l, segment, sender),
		.flags = segment->flags,
		.icmp_type = segment->icmp_type,
		.icmp_code = segment->icmp_code,
		.icmp = segment->kind == SEGMENT_ICMP_ERROR,
		.sender = sender,
	};

	if (row.icmp)
		memcpy(row.icmp_source, segment->icmp_source, sizeof(row.icmp_source));
	else
		place_in_sequence(own, &row);
	return row;
}

static bool could_be_evidence(const struct ladder *l, const struct ladder_row *row)
{
	bool after_pause = l->packets > 0 && row->time_ns - l->before_ns >= LADDER_PAUSE_NS;

	return row->icmp || (row->flags & (TCP_SYN | TCP_FIN | TCP_RST)) || row->probe || row->again
	       || row->window == 0 || after_pause;
}

void ladder_add(struct ladder *l, const struct segment *segment, enum hangup_side sender)
{
	struct ladder_row row;

	learn(l, segment, sender);
	row = row_of(l, segment, sender);
	if (l->packets < FIRST_KEPT)
		l->first[l->packets] = row;
	if (could_be_evidence(l, &row))
		ring_add(&l->telling, &row);
	ring_add(&l->last, &row);
	l->before_ns = row.time_ns;
	l->packets++;
}

/* --- choosing ---------------------------------------------------------------------------------------- */
bool ladder_is_evidence(const struct hangup_case *c, uint64_t number)
{
	const struct hangup_claim *verdict = case_verdict(c);

	for (size_t i = 0; i < verdict->evidence_len; i++) {
		if (verdict->evidence[i].packet.number == number)
			return true;
	}
	return false;
}

static bool chosen(const GArray *rows, uint64_t place)
{
	for (guint i = 0; i < rows->len; i++) {
		if (g_array_index(rows, struct ladder_row, i).place == place)
			return true;
	}
	return false;
}

static void choose(GArray *rows, const struct ladder_row *row, size_t rows_max)
{
	if (rows->len < rows_max && !chosen(rows, row->place))
		g_array_append_val(rows, *row);
}

static void choose_evidence(GArray *rows, const struct ladder *l, const struct ring *r, const struct hangup_case *c)
{
	for (size_t i = 0; i < MIN(r->added, r->size); i++) {
		if (ladder_is_evidence(c, r->rows[i].number))
			choose(rows, &r->rows[i], l->rows_max);
	}
}

static gint compare_places(gconstpointer a, gconstpointer b)
{
	const struct ladder_row *left = a, *right = b;

	return left->place < right->place ? -1 : left->place > right->place;
}

static void fill_single_gaps(GArray *rows, const struct ladder *l)
{
	const guint len = rows->len;

	for (guint i = 1; i < len; i++) {
		uint64_t place = g_array_index(rows, struct ladder_row, i).place - 1;
		const struct ladder_row *kept = &l->last.rows[place % l->last.size];

		if (kept->place == place && g_array_index(rows, struct ladder_row, i - 1).place + 1 == place)
			g_array_append_val(rows, *kept);
	}
	g_array_sort(rows, compare_places);
}

static void add_kept(GArray *kept, const struct ring *r)
{
	for (uint64_t i = r->added - MIN(r->added, r->size); i < r->added; i++)
		g_array_append_val(kept, r->rows[i % r->size]);
}

static void settle(GArray *rows, const struct ladder *l)
{
	const struct ladder_answers answers[] = {l->sender[0].answers, l->sender[1].answers};
	g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(struct ladder_row));

	g_array_append_vals(kept, l->first, (guint)MIN(l->packets, FIRST_KEPT));
	add_kept(kept, &l->telling);
	add_kept(kept, &l->last);
	ladder_settle(rows, kept, answers);
}

/* Evidence first, then the beginning, then from the end backwards as far as the rows reach. A gap of one packet
 * would take a line to tell of: the packet takes it instead. */
GArray *ladder_rows(const struct ladder *l, const struct hangup_case *c)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct ladder_row));

	choose_evidence(rows, l, &l->telling, c);
	choose_evidence(rows, l, &l->last, c);
	for (size_t i = 0; i < MIN(l->packets, FIRST_SHOWN); i++)
		choose(rows, &l->first[i], l->rows_max);
	for (size_t i = 1; i <= MIN(l->last.added, l->last.size); i++)
		choose(rows, &l->last.rows[(l->last.added - i) % l->last.size], l->rows_max);
	g_array_sort(rows, compare_places);
	fill_single_gaps(rows, l);
	settle(rows, l);
	return rows;
}

GArray *ladder_last(const struct ladder *l)
{
	GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct ladder_row));

	add_kept(rows, &l->last);
	settle(rows, l);
	return rows;
}

uint64_t ladder_packets(const struct ladder *l)
{
	return l->packets;
}

int64_t ladder_start_ns(const struct ladder *l)
{
	return l->first[0].time_ns;
}
