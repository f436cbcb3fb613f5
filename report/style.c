#include "report/style.h"

/* ECMA-48 select graphic rendition: the eight colours that every palette has, so that themes decide. */
static const char *const codes[] = {
	[STYLE_STRONG] = "1", [STYLE_FAINT] = "2", [STYLE_GOOD] = "32", [STYLE_ODD] = "33", [STYLE_BAD] = "31",
};

void style_append(GString *out, enum style style, const char *text, bool colour)
{
	if (colour)
		g_string_append_printf(out, "\033[%sm%s\033[0m", codes[style], text);
	else
		g_string_append(out, text);
}

enum style style_of_severity(enum hangup_severity severity)
{
	switch (severity) {
	case HANGUP_SEVERITY_ABNORMAL:
		return STYLE_BAD;
	case HANGUP_SEVERITY_HARMLESS:
		return STYLE_ODD;
	default:
		return STYLE_GOOD;
	}
}
