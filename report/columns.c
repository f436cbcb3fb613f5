/* Columns: one connection a line, fields separated by tabs as tshark's -T fields does. What is not known is empty. */
#include "report/report.h"

#include <string.h>

#include "report/escape.h"
#include "report/field.h"
#include "report/order.h"
#include "report/sink.h"
#include "rules/host/append.h"

/* What one lane writes with. */
struct lane {
	struct subject subject;
	char apart[64]; /* from the next lane's cache line */
};

struct columns_sink {
	struct report_sink base;
	struct order *order;
	const struct field *const *columns; /* borrowed, NULL-terminated */
	const char *input[2];               /* the only one's name, and NULL */
	struct lane lanes[REPORT_LANES_MAX];
};

/* --- escapes: a value stays between two tabs ----------------------------------------------------------- */
static bool needs_none(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c >= 0x7f || c == '\\')
			return false;
	}
	return true;
}

/* The letter that stands after a backslash for this character; 0 when none does. */
static char short_of(char c)
{
	switch (c) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	default:
		return '\0';
	}
}

static void escape_from(GString *out, gsize start)
{
	if (needs_none(out->str + start, out->len - start))
		return;
	g_autoptr(GString) raw = g_string_new_len(out->str + start, (gssize)(out->len - start));
	const char *text = raw->str, *end = text + raw->len;

	g_string_truncate(out, start);
	while (text < end) {
		const char *piece = text;

		while (text < end && !short_of(*text))
			text++;
		escape_append(out, piece, (size_t)(text - piece), false);
		if (text < end) {
			append_char(out, '\\');
			append_char(out, short_of(*text++));
		}
	}
}

/* --- lines ----------------------------------------------------------------------------------------- */
static void put_line(const struct columns_sink *k, GString *out, struct subject *s)
{
	for (size_t i = 0; k->columns[i]; i++) {
		const struct field *column = k->columns[i];

		if (i > 0)
			append_char(out, '\t');
		const gsize start = out->len;
		if (column->put(out, s) && column->kind != FIELD_BARE)
			escape_from(out, start);
	}
	append_char(out, '\n');
}

static void write_header(struct columns_sink *k)
{
	g_autoptr(GString) line = g_string_new(NULL);

	for (size_t i = 0; k->columns[i]; i++)
		g_string_append_printf(line, "%s%s", i ? "\t" : "", k->columns[i]->path);
	append_char(line, '\n');
	output_string(&k->base.out, line);
}

/* --- the sink -------------------------------------------------------------------------------------- */
static void take_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c)
{
	struct columns_sink *k = (struct columns_sink *)sink;
	struct subject *s = &k->lanes[lane].subject;

	subject_set(s, c);
	put_line(k, order_line(k->order, lane), s);
	order_end_line(k->order, lane, c->facts->id);
}

static void skip(struct report_sink *sink, unsigned lane, uint64_t id)
{
	order_end_line(((struct columns_sink *)sink)->order, lane, id);
}

static void turn(struct report_sink *sink)
{
	order_turn(((struct columns_sink *)sink)->order);
}

static void finish(struct report_sink *sink, const struct run_summary *summary)
{
	(void)summary;
	order_finish(((struct columns_sink *)sink)->order);
}

static void sink_free(struct report_sink *sink)
{
	struct columns_sink *k = (struct columns_sink *)sink;

	order_free(k->order);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		subject_clear(&k->lanes[lane].subject);
	g_free(k);
}

struct report_sink *report_columns_new(FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.verdict = take_verdict, .skip = skip, .turn = turn, .finish = finish, .free = sink_free};
	struct columns_sink *k = g_new0(struct columns_sink, 1);

	report_sink_init(&k->base, &class, out, options);
	k->order = order_new(&k->base.out, ORDER_WAITING_MAX);
	k->columns = options->columns;
	k->input[0] = k->base.input_name;
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		subject_init(&k->lanes[lane].subject, options->inputs ? options->inputs : k->input, options->inputs != NULL);
	if (options->header)
		write_header(k);
	return &k->base;
}
