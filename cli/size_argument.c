#include "cli/size_argument.h"

#include <string.h>

static const uint64_t most = UINT64_C(1) << 62;

/* The shift that the letter behind the number stands for; -1 for anything else. */
static int shift_of(const char *suffix)
{
	static const char letters[] = "KMGT";
	const char *found = suffix[0] != '\0' && suffix[1] == '\0' ? strchr(letters, g_ascii_toupper(suffix[0])) : NULL;

	if (suffix[0] == '\0')
		return 0;
	return found ? 10 * (int)(found - letters + 1) : -1;
}

gboolean size_argument_parse(const char *text, uint64_t *out_bytes, GError **error)
{
	char *end;
	uint64_t number = g_ascii_strtoull(text, &end, 10);
	int shift = end != text && g_ascii_isdigit(text[0]) ? shift_of(end) : -1;

	if (shift < 0 || number == 0 || number > most >> shift) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "\"%s\" is no size like 500M or 2G", text);
		return FALSE;
	}
	*out_bytes = number << shift;
	return TRUE;
}
