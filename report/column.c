#include "report/column.h"

#include <string.h>

#include "report/paragraph.h"

enum {
	NAME_COLUMNS = 28,
	LENGTH_MAX = 64, /* of a name that is compared with others */
	NEAR_MAX = 5,    /* names told */
};

static bool is_column(const struct field *field)
{
	return field->kind != FIELD_ARRAY;
}

static const struct field *find(const char *name)
{
	size_t len;
	const struct field *fields = field_all(&len);

	for (size_t i = 0; i < len; i++) {
		if (is_column(&fields[i]) && g_str_equal(fields[i].path, name))
			return &fields[i];
	}
	return NULL;
}

/* --- what may have been meant ------------------------------------------------------------------------ */
/* Letters to change, add or leave out on the way from a to b (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t row[LENGTH_MAX + 1];
	const size_t len = strlen(b);

	g_assert(len <= LENGTH_MAX);
	for (size_t k = 0; k <= len; k++)
		row[k] = k;
	for (size_t i = 1; *a; a++, i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t k = 1; k <= len; k++) {
			const size_t above = row[k], changed = diagonal + (*a != b[k - 1]);

			row[k] = MIN(changed, MIN(above, row[k - 1]) + 1);
			diagonal = above;
		}
	}
	return row[len];
}

/* A part of the path, or slips of the pen in at most a third of it. */
static bool is_near(const char *name, const char *path)
{
	return strstr(path, name) || distance(name, path) <= (strlen(path) + 1) / 3;
}

static void append_near(GString *out, const char *name)
{
	size_t len;
	unsigned told = 0;
	const struct field *fields = field_all(&len);

	if (!*name || strlen(name) > LENGTH_MAX)
		return;
	for (size_t i = 0; i < len && told < NEAR_MAX; i++) {
		if (is_column(&fields[i]) && is_near(name, fields[i].path))
			g_string_append_printf(out, "%s%s", told++ ? ", " : "; near it: ", fields[i].path);
	}
}

static const struct field **unknown(const char *name, GError **error)
{
	g_autoptr(GString) near = g_string_new(NULL);

	append_near(near, name);
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is no field%s; -o fields=help lists all",
	            name, near->str);
	return NULL;
}

/* --- in and out ------------------------------------------------------------------------------------ */
const struct field **column_parse(const char *names, GError **error)
{
	g_auto(GStrv) each = g_strsplit(names, ",", -1);
	const guint len = g_strv_length(each);
	g_autofree const struct field **columns = g_new0(const struct field *, len + 1);

	for (guint i = 0; i < len; i++) {
		columns[i] = find(each[i]);
		if (!columns[i])
			return unknown(each[i], error);
	}
	return len > 0 ? g_steal_pointer(&columns) : unknown("", error);
}

void column_append_all(GString *out, unsigned width)
{
	size_t len;
	const struct field *fields = field_all(&len);

	for (size_t i = 0; i < len; i++) {
		if (!is_column(&fields[i]))
			continue;
		g_string_append_printf(out, "%-*s", NAME_COLUMNS, fields[i].path);
		paragraph_append(out, fields[i].meaning, NAME_COLUMNS, NAME_COLUMNS, width);
	}
}
