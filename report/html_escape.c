#include "report/html_escape.h"

#include <string.h>

#include "report/escape.h"

/* NULL for what is no markup. */
static const char *reference(gunichar c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void html_escape_append_len(GString *out, const char *text, size_t len)
{
	for (size_t step; len > 0; text += step, len -= step) {
		gunichar c;

		step = escape_next(text, len, &c);
		const char *known = step ? reference(c) : NULL;

		if (known) {
			g_string_append(out, known);
		} else {
			step = MAX(step, 1);
			escape_append(out, text, step, false);
		}
	}
}

void html_escape_append(GString *out, const char *text)
{
	html_escape_append_len(out, text, strlen(text));
}
