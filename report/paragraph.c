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

/* What stays with the number before it, whatever punctuation follows. */
static bool is_unit(const char *word)
{
	static const char *const units[] = {"ns", "us", "\xc2\xb5s", "ms", "s", "min", "h", "d", "byte", "bytes", "kB",
	                                    "MB", "GB", "TB", "PB", "EB", "time", "times", "hop", "hops", "packet",
	                                    "packets", "connection", "connections"};

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		const size_t len = strlen(units[i]);

		if (strncmp(word, units[i], len) == 0 && !g_ascii_isalpha(word[len]))
			return true;
	}
	return false;
}

/* "36.1", "(1,234": ends with a digit, and nothing but a number with punctuation before it. */
static bool is_number(const char *word)
{
	const size_t len = strlen(word);

	return len > 0 && g_ascii_isdigit(word[len - 1]) && strspn(word, "([-0123456789.,") == len;
}

/* `next` is the word after it, NULL at the end. */
static void append_word(struct line *l, const char *word, const char *next)
{
	size_t columns = paragraph_columns(word);

	if (next && is_number(word) && is_unit(next))
		columns += 1 + paragraph_columns(next);
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
			append_word(&l, *word, word[1]);
	}
	g_string_append_c(out, '\n');
}

void paragraph_append_command(GString *out, const char *command, size_t indent)
{
	append_spaces(out, indent);
	g_string_append_printf(out, "$ %s\n", command);
}
