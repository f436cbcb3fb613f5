#include "cli/wrap.h"

#include <stdbool.h>
#include <string.h>

static size_t columns(const char *text)
{
	return (size_t)g_utf8_strlen(text, -1);
}

static size_t column(const GString *out)
{
	const char *newline = strrchr(out->str, '\n');

	return columns(newline ? newline + 1 : out->str);
}

/* Appends the words of one line, going on where out stands; further lines begin with prefix. */
static void append_words(GString *out, const char *line, const char *prefix, unsigned width)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	bool first = true;

	for (char **word = words; *word; word++) {
		if (!**word)
			continue;
		if (!first && column(out) + 1 + columns(*word) > width)
			g_string_append_printf(out, "\n%s", prefix);
		else if (!first)
			g_string_append_c(out, ' ');
		g_string_append(out, *word);
		first = false;
	}
}

static void append_lines(GString *out, const char *text, const char *prefix, unsigned width)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		if (line != lines)
			g_string_append_printf(out, "\n%s", **line ? prefix : "");
		append_words(out, *line, prefix, width);
	}
}

void wrap_append(GString *out, const char *text, const char *prefix, unsigned width)
{
	g_string_append(out, prefix);
	append_lines(out, text, prefix, width);
}

void wrap_append_hanging(GString *out, const char *text, unsigned indent, unsigned width)
{
	g_autofree char *prefix = g_strnfill(indent, ' ');
	size_t at = column(out);

	if (at + 2 > indent)
		g_string_append_printf(out, "\n%s", prefix);
	else
		g_string_append(out, prefix + at);
	append_lines(out, text, prefix, width);
}
