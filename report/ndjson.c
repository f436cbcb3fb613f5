/* NDJSON, one object a connection, schema hangup.connection/1: docs/output.md says what every field means, and
 * docs/output.schema.json is checked in the tests. The fields and their order are those of field.def. All that stands
 * between two values (brackets, commas, keys) is put together once, from their paths. */
#include "report/report.h"

#include <string.h>

#include "report/field.h"
#include "report/json.h"
#include "report/order.h"
#include "report/sink.h"
#include "rules/host/append.h"

enum { BEFORE_MAX = 47 }; /* bytes: two keys at their longest */

/* A value, and what stands before it: all in one cache line, and copied as a whole whatever its length. */
struct member {
	field_fn put;
	uint8_t kind; /* enum field_kind */
	uint8_t before_len;
	char before[BEFORE_MAX];
};

/* What one lane writes with. */
struct lane {
	struct subject subject;
	char apart[64]; /* from the next lane's cache line */
};

struct ndjson_sink {
	struct report_sink base;
	struct order *order;
	GArray *members; /* of struct member */
	GString *end;    /* of a line */
	char **inputs;   /* names, escaped; NULL-terminated */
	struct lane lanes[REPORT_LANES_MAX];
};

/* --- what stands between values ---------------------------------------------------------------------- */
/* Length of the part of two paths that names the same objects, its last dot included. */
static size_t common_objects(const char *a, const char *b)
{
	size_t common = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++) {
		if (a[i] == '.')
			common = i + 1;
	}
	return common;
}

static void close_objects(GString *out, const char *path)
{
	for (; (path = strchr(path, '.')); path++)
		append_char(out, '}');
}

/* The way from one path to the next: objects that end, a comma, keys of objects that begin, the key. */
static void append_between(GString *out, const char *before, const char *path)
{
	const size_t common = before ? common_objects(before, path) : 0;
	g_auto(GStrv) keys = g_strsplit(path + common, ".", -1);

	if (before)
		close_objects(out, before + common);
	append_char(out, before ? ',' : '{');
	for (char **key = keys; *key; key++)
		g_string_append_printf(out, "%s\"%s\":", key == keys ? "" : "{", *key);
}

static void add_member(struct ndjson_sink *n, const struct field *field, const char *before)
{
	struct member member = {.put = field->put, .kind = (uint8_t)field->kind};
	g_autoptr(GString) text = g_string_new(NULL);

	append_between(text, before, field->path);
	g_assert(text->len <= BEFORE_MAX);
	member.before_len = (uint8_t)text->len;
	memcpy(member.before, text->str, text->len);
	g_array_append_val(n->members, member);
}

static void make_members(struct ndjson_sink *n)
{
	const char *before = NULL;
	size_t len;
	const struct field *fields = field_all(&len);

	n->members = g_array_new(FALSE, FALSE, sizeof(struct member));
	for (size_t i = 0; i < len; i++) {
		if (fields[i].kind == FIELD_LIST || (fields[i].kind == FIELD_FILE && !n->base.options.inputs))
			continue;
		add_member(n, &fields[i], before);
		before = fields[i].path;
	}
	n->end = g_string_new(NULL);
	close_objects(n->end, before);
	append_literal(n->end, "}\n");
}

/* --- a line ---------------------------------------------------------------------------------------- */
static void put_before(GString *out, const struct member *member)
{
	memcpy(append_room(out, BEFORE_MAX), member->before, BEFORE_MAX);
	append_done(out, member->before_len);
}

static void put_string(GString *out, const struct member *member, struct subject *s)
{
	const gsize start = out->len;

	append_char(out, '"');
	if (!member->put(out, s)) {
		g_string_truncate(out, start);
		append_literal(out, "null");
		return;
	}
	if (member->kind == FIELD_TEXT)
		json_escape_from(out, start + 1);
	append_char(out, '"');
}

static bool is_string(uint8_t kind)
{
	return kind == FIELD_NAME || kind == FIELD_FILE || kind == FIELD_TEXT;
}

static void put_line(const struct ndjson_sink *n, GString *out, struct subject *s)
{
	const struct member *members = (const struct member *)(const void *)n->members->data;

	for (guint i = 0; i < n->members->len; i++) {
		put_before(out, &members[i]);
		if (is_string(members[i].kind))
			put_string(out, &members[i], s);
		else if (!members[i].put(out, s))
			append_literal(out, "null");
	}
	append_bytes(out, n->end->str, n->end->len);
}

/* --- the sink -------------------------------------------------------------------------------------- */
static void take_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c)
{
	struct ndjson_sink *n = (struct ndjson_sink *)sink;
	struct subject *s = &n->lanes[lane].subject;

	subject_set(s, c);
	put_line(n, order_line(n->order, lane), s);
	order_end_line(n->order, lane, c->facts->id);
}

static void skip(struct report_sink *sink, unsigned lane, uint64_t id)
{
	order_end_line(((struct ndjson_sink *)sink)->order, lane, id);
}

static void turn(struct report_sink *sink)
{
	order_turn(((struct ndjson_sink *)sink)->order);
}

static void finish(struct report_sink *sink, const struct run_summary *summary)
{
	(void)summary;
	order_finish(((struct ndjson_sink *)sink)->order);
}

static void sink_free(struct report_sink *sink)
{
	struct ndjson_sink *n = (struct ndjson_sink *)sink;

	order_free(n->order);
	g_array_free(n->members, TRUE);
	g_string_free(n->end, TRUE);
	g_strfreev(n->inputs);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		subject_clear(&n->lanes[lane].subject);
	g_free(n);
}

static char **escaped_names(const struct report_options *options)
{
	const char *const one[] = {options->input_name, NULL};
	GPtrArray *names = g_ptr_array_new();

	for (const char *const *name = options->inputs ? options->inputs : one; *name; name++) {
		GString *escaped = g_string_new(*name);

		json_escape_from(escaped, 0);
		g_ptr_array_add(names, g_string_free(escaped, FALSE));
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

struct report_sink *report_ndjson_new(FILE *out, const struct report_options *options)
{
	static const struct report_sink_class class = {
		.verdict = take_verdict, .skip = skip, .turn = turn, .finish = finish, .free = sink_free};
	struct ndjson_sink *n = g_new0(struct ndjson_sink, 1);

	report_sink_init(&n->base, &class, out, options);
	n->order = order_new(&n->base.out, ORDER_WAITING_MAX);
	make_members(n);
	n->inputs = escaped_names(options);
	for (unsigned lane = 0; lane < REPORT_LANES_MAX; lane++)
		subject_init(&n->lanes[lane].subject, (const char *const *)n->inputs, options->inputs != NULL);
	return &n->base;
}
