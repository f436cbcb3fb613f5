/* In Mermaid's language ";" and "#" end a statement, so neither is written: packets are "12", not "#12". A packet that
 * nobody answered has an arrow that ends in a cross. */
#include "report/markdown/mermaid.h"

#include "report/counting.h"
#include "report/ladder.h"
#include "report/svg/svg_ladder_words.h"
#include "rules/host/text.h"

static void append_between(GString *out, const struct ladder_row *before, const struct ladder_row *row)
{
	const uint64_t skipped = row->place - before->place - 1;
	const int64_t pause_ns = row->time_ns - before->time_ns;

	if (skipped == 0 && pause_ns < LADDER_PAUSE_NS)
		return;
	g_string_append(out, "    Note over C,S: ");
	if (skipped > 0)
		counting_append(out, skipped, "packet not shown, over ", "packets not shown, over ");
	text_append_duration(out, pause_ns);
	g_string_append(out, skipped > 0 ? "\n" : " without a packet\n");
}

static void append_arrow(GString *out, const struct ladder_row *row)
{
	const bool from_client = row->sender == HANGUP_CLIENT;
	const char *arrow = row->fate == LADDER_UNANSWERED ? "-x" : "->>";

	if (row->icmp)
		g_string_append_printf(out, "    Note over %s: ", from_client ? "C" : "S");
	else
		g_string_append_printf(out, "    %s%s%s: ", from_client ? "C" : "S", arrow, from_client ? "S" : "C");
}

static void append_words(GString *out, const struct ladder_row *row)
{
	g_autoptr(GString) detail = g_string_new(NULL), repeat = g_string_new(NULL);

	svg_ladder_name_append(out, row);
	svg_ladder_detail_append(detail, row);
	svg_ladder_repeat_append(repeat, row);
	if (detail->len)
		g_string_append_printf(out, ", %s", detail->str);
	if (repeat->len)
		g_string_append_printf(out, " (%s)", repeat->str);
}

/* "340", of several files "340 of file 2": a name could be anything. */
static void append_number(GString *out, const struct writeup *w, uint64_t number)
{
	g_string_append_printf(out, "%" G_GUINT64_FORMAT, hangup_packet_in_file(number));
	if (w->files->len > 1)
		g_string_append_printf(out, " of file %u", (unsigned)hangup_packet_input(number) + 1);
}

static void append_packet(GString *out, const struct writeup *w, const struct account *a, const struct ladder_row *row)
{
	append_arrow(out, row);
	append_number(out, w, row->number);
	g_string_append(out, ", ");
	if (row->time_ns > a->packets_from_ns) {
		g_string_append(out, "after ");
		text_append_duration(out, row->time_ns - a->packets_from_ns);
		g_string_append(out, ": ");
	}
	append_words(out, row);
	g_string_append(out, account_evidence_of(a, row->number) ? " (evidence)\n" : "\n");
}

void mermaid_append(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	const struct account *a = e->account;
	const struct ladder_row *rows = (const struct ladder_row *)(const void *)a->packets->data;

	if (a->packets->len == 0)
		return;
	g_string_append_printf(out, "sequenceDiagram\n    participant C as client %s\n    participant S as server %s\n",
	                       a->end[HANGUP_CLIENT].address, a->end[HANGUP_SERVER].address);
	for (guint i = 0; i < a->packets->len; i++) {
		if (i > 0)
			append_between(out, &rows[i - 1], &rows[i]);
		append_packet(out, w, a, &rows[i]);
	}
}
