/* NDJSON in the Elastic Common Schema: what the schema has a name for under that, and all else under "hangup.". */
#include "report/report.h"

#include "report/ecs_field.h"
#include "report/ndjson.h"

static const struct field named[] = {
#define ECS(name, form, function) {.path = name, .kind = FIELD_##form, .put = function, .meaning = ""},
#include "report/ecs.def"
#undef ECS
};

static bool is_named(const struct field *field)
{
	for (size_t i = 0; i < G_N_ELEMENTS(named); i++) {
		if (named[i].put == field->put)
			return true;
	}
	return false;
}

struct report_sink *report_ecs_new(FILE *out, const struct report_options *options)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct field));
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	size_t len;
	const struct field *fields = field_all(&len);

	g_array_append_vals(all, named, G_N_ELEMENTS(named));
	for (size_t i = 0; i < len; i++) {
		struct field field = fields[i];

		if (is_named(&field))
			continue;
		g_ptr_array_add(paths, g_strconcat("hangup.", field.path, NULL));
		field.path = g_ptr_array_index(paths, paths->len - 1);
		g_array_append_val(all, field);
	}
	return ndjson_of_fields(out, options, (const struct field *)(const void *)all->data, all->len);
}
