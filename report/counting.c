#include "report/counting.h"

#include <string.h>

void counting_append_number(GString *out, uint64_t count)
{
	g_autofree char *digits = g_strdup_printf("%" G_GUINT64_FORMAT, count);
	size_t len = strlen(digits);

	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			g_string_append_c(out, ',');
		g_string_append_c(out, digits[i]);
	}
}

void counting_append(GString *out, uint64_t count, const char *one, const char *many)
{
	counting_append_number(out, count);
	g_string_append_printf(out, " %s", count == 1 ? one : many);
}
