/* NDJSON, one object a connection, schema hangup.connection/1, and behind them one an incident, hangup.incident/1:
 * docs/output.md says what every field means, and the schemas in docs are checked in the tests. The fields and their
 * order are those of field.def. All that stands between two values (brackets, commas, keys) is put together once, from
 * their paths. */
#include "report/ndjson.h"

#include <string.h>

#include "report/call_json.h"
#include "report/incident_json.h"
#include "report/json.h"
#include "report/lines.h"
#include "rules/host/append.h"

enum { BEFORE_MAX = 47 }; /* bytes: two keys at their longest */

/* A value, and what stands before it: all in one cache line, and copied as a whole whatever its length. */
struct member {
	field_fn put;
	uint8_t kind; /* enum field_kind */
	uint8_t before_len;
	char before[BEFORE_MAX];
};

struct ndjson_sink {
	struct lines_sink base;
	GArray *members; /* of struct member */
	GString *end;    /* of a line */
	bool incidents;  /* have lines of their own */
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

static bool is_left_out(const struct field *field, const struct report_options *options)
{
	return field->kind == FIELD_LIST || (field->kind == FIELD_FILE && !options->inputs)
	       || (field->kind == FIELD_MATCH && !options->asked) || (field->kind == FIELD_CALLS && !options->calls)
	       || (field->kind == FIELD_LIVE && !options->live);
}

static void make_members(struct ndjson_sink *n, const struct field *fields, size_t len)
{
	const char *before = NULL;

	n->members = g_array_new(FALSE, FALSE, sizeof(struct member));
	for (size_t i = 0; i < len; i++) {
		if (is_left_out(&fields[i], &n->base.base.options))
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

static void put_line(const struct lines_sink *sink, GString *out, struct subject *s)
{
	const struct ndjson_sink *n = (const struct ndjson_sink *)sink;
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

/* --- incidents ------------------------------------------------------------------------------------- */
/* A key within a string has its quotes escaped, so this is the field itself. */
#define NO_INCIDENT "\"incident\":null"

static void mark(const struct lines_sink *sink, GString *out, const char *line, size_t len, const struct incident *i)
{
	const char *field = g_strrstr_len(line, (gssize)len, NO_INCIDENT);

	(void)sink;
	g_assert(field);
	append_bytes(out, line, (gsize)(field - line) + strlen("\"incident\":"));
	append_unsigned(out, i->id);
	field += strlen(NO_INCIDENT);
	append_bytes(out, field, len - (gsize)(field - line));
}

static void put_incident(const struct lines_sink *sink, GString *line, const struct incident *i)
{
	if (((const struct ndjson_sink *)sink)->incidents)
		incident_json_append(line, sink->base.found, i, (const char *const *)sink->inputs, sink->base.options.inputs != NULL);
}

/* --- the sink -------------------------------------------------------------------------------------- */
/* Each call is told once: those that no connection has stand alone. */
static void put_unclaimed(const struct lines_sink *sink, GString *line)
{
	const struct calls *calls = sink->base.options.calls;
	const struct call *call;
	size_t at = 0;

	while (calls && (call = calls_next_unclaimed(calls, &at)))
		call_json_append_alone(line, call);
}

static void clear(struct lines_sink *sink)
{
	struct ndjson_sink *n = (struct ndjson_sink *)sink;

	g_array_free(n->members, TRUE);
	g_string_free(n->end, TRUE);
}

struct report_sink *ndjson_of_fields(FILE *out, const struct report_options *options, const struct field *fields,
                                     size_t len)
{
	static const struct lines_class lines = {.put = put_line, .rest = put_unclaimed, .mark = mark, .incident = put_incident,
	                                         .escape = json_escape_from, .clear = clear};
	struct ndjson_sink *n = g_new0(struct ndjson_sink, 1);

	lines_init(&n->base, &lines, out, options);
	report_sink_collect_incidents(&n->base.base);
	n->base.marks = true;
	make_members(n, fields, len);
	return &n->base.base;
}

struct report_sink *report_ndjson_new(FILE *out, const struct report_options *options)
{
	size_t len;
	const struct field *fields = field_all(&len);
	struct report_sink *sink = ndjson_of_fields(out, options, fields, len);

	((struct ndjson_sink *)sink)->incidents = true;
	return sink;
}
