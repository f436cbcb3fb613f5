#include "cli/count_argument.h"

gboolean count_argument_parse(const char *option, const char *text, gint64 most, gint64 *out, GError **error)
{
	char *end;

	*out = g_ascii_strtoll(text, &end, 10);
	if (end != text && *end == '\0' && *out >= 1 && *out <= most)
		return TRUE;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s takes a number from 1 to %" G_GINT64_FORMAT, option,
	            most);
	return FALSE;
}
