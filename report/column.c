#include "report/column.h"

#include "report/near.h"
#include "report/paragraph.h"

enum { NAME_COLUMNS = 28 };

static bool is_column(const struct field *field)
{
	return field->kind != FIELD_ARRAY && field->kind != FIELD_MATCH && field->kind != FIELD_CALLS &&
	       field->kind != FIELD_LIVE;
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
static void append_near(GString *out, const char *name)
{
	size_t len;
	unsigned told = 0;
	const struct field *fields = field_all(&len);

	for (size_t i = 0; i < len && told < NEAR_MAX; i++) {
		if (is_column(&fields[i]) && near_to(name, fields[i].path))
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

const struct field **column_all(bool asked)
{
	size_t len, count = 0;
	const struct field *fields = field_all(&len);
	const struct field **columns = g_new0(const struct field *, len + 1);

	for (size_t i = 0; i < len; i++) {
		if (is_column(&fields[i]) && (asked || !g_str_has_prefix(fields[i].path, "error_match.")))
			columns[count++] = &fields[i];
	}
	return columns;
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
