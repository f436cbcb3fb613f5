/* Templates are parsed once: names are looked up then, and filling is copying and calling. */
#include "report/fill.h"

#include <string.h>

#include "report/blank.h"
#include "report/condition.h"
#include "report/role.h"
#include "rules/host/append.h"
#include "rules/host/text.h"

enum kind { KIND_TEXT, KIND_BLANK, KIND_ROLE, KIND_ADDRESS, KIND_CONDITION };

struct piece {
	enum kind kind;
	union {
		struct {
			const char *bytes;
			size_t len;
		} text;
		blank_fn blank;
		const struct role *role;
		struct condition condition;
	};
};

struct fill {
	GArray *pieces; /* of struct piece */
};

/* --- parsing --------------------------------------------------------------------------------------- */
static const struct {
	const char *name;
	blank_fn put;
} blanks[] = {
#define BLANK(blank_name, function) {blank_name, function},
#include "report/blank.def"
#undef BLANK
};

static blank_fn find_blank(const char *name, size_t len)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blanks); i++) {
		if (strlen(blanks[i].name) == len && memcmp(blanks[i].name, name, len) == 0)
			return blanks[i].put;
	}
	return NULL;
}

static bool ends_with(const char *name, size_t *len, const char *end)
{
	const size_t end_len = strlen(end);

	if (*len <= end_len || memcmp(name + *len - end_len, end, end_len) != 0)
		return false;
	*len -= end_len;
	return true;
}

/* What stands between braces. False when there is no such thing. */
static bool parse_name(const char *name, size_t len, struct piece *out)
{
	if (ends_with(name, &len, "?")) {
		out->kind = KIND_CONDITION;
		return condition_parse(name, len, &out->condition);
	}
	out->kind = KIND_BLANK;
	out->blank = find_blank(name, len);
	if (out->blank)
		return true;
	out->kind = ends_with(name, &len, "-ip") ? KIND_ADDRESS : KIND_ROLE;
	out->role = role_named(name, len);
	return out->role != NULL;
}

static void add_text(struct fill *fill, const char *bytes, size_t len)
{
	struct piece piece = {.kind = KIND_TEXT, .text = {bytes, len}};

	if (len > 0)
		g_array_append_val(fill->pieces, piece);
}

static bool parse(struct fill *fill, const char *template)
{
	for (;;) {
		const size_t plain = strcspn(template, "{");
		struct piece piece;

		add_text(fill, template, plain);
		template += plain;
		if (!*template)
			return true;
		const size_t len = strcspn(++template, "}");
		if (template[len] != '}' || !parse_name(template, len, &piece))
			return false;
		g_array_append_val(fill->pieces, piece);
		template += len + 1;
	}
}

struct fill *fill_new(const char *template)
{
	struct fill *fill = g_new(struct fill, 1);

	fill->pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
	if (parse(fill, template))
		return fill;
	fill_free(fill);
	return NULL;
}

void fill_free(struct fill *fill)
{
	if (!fill)
		return;
	g_array_free(fill->pieces, TRUE);
	g_free(fill);
}

/* --- filling --------------------------------------------------------------------------------------- */
static bool put_role(GString *out, const struct hangup_case *c, const struct role *role)
{
	enum hangup_side side;

	if (!role_find(role, c, &side))
		return false;
	if (side == HANGUP_CLIENT)
		append_literal(out, "the client");
	else
		append_literal(out, "the server");
	return true;
}

static bool put_address(GString *out, const struct hangup_case *c, const struct role *role)
{
	enum hangup_side side;

	if (!role_find(role, c, &side))
		return false;
	text_append_address(out, c->facts->end[side].address);
	return true;
}

static bool put(GString *out, const struct hangup_case *c, const struct piece *piece)
{
	switch (piece->kind) {
	case KIND_TEXT:
		append_bytes(out, piece->text.bytes, piece->text.len);
		return true;
	case KIND_BLANK:
		return piece->blank(out, c);
	case KIND_ROLE:
		return put_role(out, c, piece->role);
	case KIND_ADDRESS:
		return put_address(out, c, piece->role);
	default:
		return condition_holds(&piece->condition, c);
	}
}

bool fill_append(GString *out, const struct fill *fill, const struct hangup_case *c)
{
	const gsize start = out->len;

	for (guint i = 0; i < fill->pieces->len; i++) {
		if (!put(out, c, &g_array_index(fill->pieces, struct piece, i))) {
			g_string_truncate(out, start);
			return false;
		}
	}
	return true;
}

/* --- lists ----------------------------------------------------------------------------------------- */
static struct fill **fills_of(enum hangup_cause cause, const struct fill_row *rows, size_t rows_len)
{
	GPtrArray *fills = g_ptr_array_new();

	for (size_t i = 0; i < rows_len; i++) {
		if (rows[i].cause != cause)
			continue;
		struct fill *fill = fill_new(rows[i].text);
		g_assert(fill);
		g_ptr_array_add(fills, fill);
	}
	g_ptr_array_add(fills, NULL);
	return (struct fill **)g_ptr_array_free(fills, FALSE);
}

struct fill_list *fill_list_new(const struct fill_row *rows, size_t rows_len)
{
	struct fill_list *list = g_new(struct fill_list, 1);

	for (enum hangup_cause cause = 0; cause < HANGUP_CAUSE_COUNT; cause++)
		list->fills[cause] = fills_of(cause, rows, rows_len);
	return list;
}
