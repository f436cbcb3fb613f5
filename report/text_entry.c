#include "report/text_entry.h"

#include <math.h>
#include <string.h>

#include "report/call_line.h"
#include "report/endpoint.h"
#include "report/escape.h"
#include "report/input_name.h"
#include "report/paragraph.h"
#include "report/sentence.h"
#include "report/style.h"
#include "report/timestamp.h"
#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

enum {
	INDENT = 6,       /* columns before the sentence: room for "#1234 " */
	PACKETS_MAX = 3,  /* packet numbers named in an entry */
};

static void append_spaces(GString *out, size_t count)
{
	memset(append_room(out, count), ' ', count);
	append_done(out, count);
}

/* Columns that the two ends take at least: all of IPv4, what can be made of IPv6. */
static size_t pair_columns_min(const struct hangup_case *c, size_t pair_columns)
{
	return c->facts->ip_version == 6 ? MIN(pair_columns, 2 * ENDPOINT_COLUMNS_MIN + 4) : pair_columns;
}

static void append_verdict(GString *out, const struct hangup_claim *verdict, const char *words, bool colour)
{
	style_append(out, style_of_severity(verdict->severity), words, colour);
	g_string_append_c(out, '\n');
}

static GString *words_of(const struct hangup_claim *verdict)
{
	GString *words = g_string_new(label_name(verdict->label));

	append_char(words, '/');
	append_text(words, cause_name(verdict->cause));
	return words;
}

/* "#17   client -> server        label/cause". IPv6 addresses are made shorter for it; when that does not help the
 * verdict goes below. */
static void append_head(GString *out, const struct hangup_case *c, const struct report_options *options)
{
	const struct hangup_claim *verdict = case_verdict(c);
	g_autoptr(GString) id = g_string_new("#"), pair = g_string_new(NULL), words = words_of(verdict);

	append_unsigned(id, c->facts->id);
	const size_t before = MAX(id->len + 1, INDENT), gap = 2;
	const size_t columns = options->width - MIN(options->width, before + gap);

	endpoint_append_pair(pair, c->facts, SIZE_MAX, options->ascii);
	const bool beside = pair_columns_min(c, paragraph_columns(pair->str)) + words->len <= columns;
	const size_t room = beside ? columns - words->len : columns;

	if (paragraph_columns(pair->str) > room) {
		g_string_truncate(pair, 0);
		endpoint_append_pair(pair, c->facts, room, options->ascii);
	}
	style_append(out, STYLE_FAINT, id->str, options->colour);
	append_spaces(out, before - id->len);
	if (beside) {
		append_bytes(out, pair->str, pair->len);
		append_spaces(out, columns + gap - paragraph_columns(pair->str) - words->len);
	} else {
		paragraph_append(out, pair->str, before, INDENT, options->width);
		append_spaces(out, INDENT);
	}
	append_verdict(out, verdict, words->str, options->colour);
}

/* --- the packets that prove it ---------------------------------------------------------------------- */
struct proof {
	struct hangup_packet packet[CLAIM_EVIDENCE_MAX]; /* in order, each once */
	size_t len;
};

static struct proof proof_of(const struct hangup_claim *verdict)
{
	struct proof p = {.len = 0};

	for (size_t i = 0; i < verdict->evidence_len; i++) {
		const struct hangup_packet *packet = &verdict->evidence[i].packet;

		if (packet->number && (p.len == 0 || p.packet[p.len - 1].number != packet->number))
			p.packet[p.len++] = *packet;
	}
	return p;
}

static void append_packets(GString *out, const struct proof *p, const struct report_options *options)
{
	uint64_t before = 0;

	g_string_append(out, p->len == 1 ? "packet" PARAGRAPH_TIE : "packets" PARAGRAPH_TIE);
	for (size_t i = 0; i < p->len; i++) {
		if (p->len > PACKETS_MAX && i > 0 && i + 1 < p->len)
			continue;
		const char *separator = i == 0 ? "" : p->len > PACKETS_MAX ? " to " : ", ";
		g_string_append(out, separator);
		input_name_append_packet(out, options, p->packet[i].number, before);
		before = p->packet[i].number;
	}
	g_string_append(out, " at" PARAGRAPH_TIE);
}

static bool same_day(int64_t a_ns, int64_t b_ns)
{
	char a[DATE_LEN], b[DATE_LEN];

	date_write(a, a_ns);
	date_write(b, b_ns);
	return memcmp(a, b, DATE_LEN) == 0;
}

static void append_time(GString *out, int64_t time_ns, int64_t day_ns)
{
	char text[TIMESTAMP_LEN];

	if (!same_day(time_ns, day_ns)) {
		date_write(text, time_ns);
		g_string_append_len(out, text, DATE_LEN);
		g_string_append_c(out, ' ');
	}
	clock_write(text, time_ns);
	g_string_append_len(out, text, CLOCK_LEN);
}

static void append_proof(GString *out, const struct hangup_case *c, const struct report_options *options, int64_t day_ns)
{
	const struct hangup_claim *verdict = case_verdict(c);
	struct proof proof = proof_of(verdict);
	struct hangup_packet last;

	facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	if (proof.len)
		append_packets(out, &proof, options);
	append_time(out, proof.len ? proof.packet[proof.len - 1].time_ns : last.time_ns, day_ns);
	append_literal(out, "; ");
	append_integer(out, lround(verdict->confidence * 100));
	append_literal(out, "%" PARAGRAPH_TIE "sure");
}

/* Ours from end to end; but units are not all ASCII. */
static void append_told(GString *out, const GString *told, const struct report_options *options)
{
	g_autoptr(GString) safe = g_string_sized_new(told->len);

	const char *part = told->str;

	while (*part) {
		const size_t len = strcspn(part, PARAGRAPH_TIE);

		escape_append(safe, part, len, options->ascii);
		part += len;
		if (*part)
			append_char(safe, *part++);
	}
	paragraph_append(out, safe->str, INDENT, INDENT, options->width);
}

void text_entry_append(GString *out, const struct hangup_case *c, const struct report_options *options,
                       int64_t day_ns)
{
	g_autoptr(GString) told = g_string_new(NULL);

	append_head(out, c, options);
	sentence_append(told, c, false);
	g_string_append(told, " (");
	append_proof(told, c, options, day_ns);
	g_string_append_c(told, ')');
	append_spaces(out, INDENT);
	append_told(out, told, options);
	call_lines_append(out, c->facts, options, INDENT);
	g_string_append_c(out, '\n');
}
