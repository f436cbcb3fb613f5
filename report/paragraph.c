#include "report/paragraph.h"

#include <stdbool.h>
#include <string.h>

static size_t char_columns(gunichar c)
{
	if (c < 0x80)
		return 1;
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

size_t paragraph_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text = g_utf8_next_char(text))
		columns += char_columns(g_utf8_get_char(text));
	return columns;
}

static void append_spaces(GString *out, size_t count)
{
	while (count-- > 0)
		g_string_append_c(out, ' ');
}

struct line {
	GString *out;
	size_t column, indent, width;
	bool empty; /* nothing but indentation so far */
};

static void break_line(struct line *l)
{
	g_string_append_c(l->out, '\n');
	append_spaces(l->out, l->indent);
	l->column = l->indent;
	l->empty = true;
}

static void append_character(struct line *l, const char *at)
{
	size_t columns = char_columns(g_utf8_get_char(at));

	if (l->column + columns > l->width && !l->empty)
		break_line(l);
	if (*at == *PARAGRAPH_TIE)
		g_string_append_c(l->out, ' ');
	else
		g_string_append_len(l->out, at, g_utf8_next_char(at) - at);
	l->column += columns;
	l->empty = false;
}

static void append_word(struct line *l, const char *word)
{
	size_t columns = paragraph_columns(word);

	if (l->column > l->indent && l->column + !l->empty + columns > l->width) {
		break_line(l);
	} else if (!l->empty) {
		g_string_append_c(l->out, ' ');
		l->column++;
	}
	for (const char *at = word; *at; at = g_utf8_next_char(at))
		append_character(l, at);
}

void paragraph_append(GString *out, const char *text, size_t first, size_t indent, size_t width)
{
	struct line l = {.out = out, .column = first, .indent = indent, .width = width, .empty = true};
	g_auto(GStrv) words = g_strsplit(text, " ", -1);

	for (char **word = words; *word; word++) {
		if (**word)
			append_word(&l, *word);
	}
	g_string_append_c(out, '\n');
}

/* Whether text leaves a shell inside single quotes that was inside them (or not) before. */
static bool quoted_after(const char *text, bool quoted)
{
	for (; *text; text++)
		quoted ^= *text == '\'';
	return quoted;
}

void paragraph_append_command(GString *out, const char *command, size_t indent, size_t width)
{
	const size_t prompt = 2, continuation = 2; /* "$ ", " \\" */
	g_auto(GStrv) words = g_strsplit(command, " ", -1);
	size_t column = indent + prompt;
	bool quoted = false;

	append_spaces(out, indent);
	g_string_append(out, "$ ");
	for (char **word = words; *word; word++) {
		const size_t columns = paragraph_columns(*word);

		if (word > words && column + 1 + columns + continuation > width) {
			g_string_append(out, quoted ? "\n" : " \\\n");
			append_spaces(out, indent + prompt);
			column = indent + prompt;
		} else if (word > words) {
			g_string_append_c(out, ' ');
			column++;
		}
		g_string_append(out, *word);
		column += columns;
		quoted = quoted_after(*word, quoted);
	}
	g_string_append_c(out, '\n');
}
