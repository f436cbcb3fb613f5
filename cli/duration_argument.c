#include "cli/duration_argument.h"

#include <string.h>

static const double ns_per_s = 1e9, most_s = 10 * 366 * 86400.0;

/* In seconds; 0 for what is no unit. */
static double unit_of(const char *text)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (strcmp(units[i].name, text) == 0)
			return units[i].seconds;
	}
	return 0;
}

gboolean duration_argument_parse(const char *text, int64_t *out_ns, GError **error)
{
	char *end;
	double seconds = g_ascii_isdigit(text[0]) ? g_ascii_strtod(text, &end) * unit_of(end) : 0;

	if (!(seconds > 0 && seconds <= most_s)) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is no length of time like 30s, 10m or 2h",
		            text);
		return FALSE;
	}
	*out_ns = (int64_t)(seconds * ns_per_s);
	return TRUE;
}
