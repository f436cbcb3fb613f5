#include "report/paragraph.h"

#include <stdbool.h>
#include <string.h>

#include "rules/host/append.h"

static size_t char_columns(gunichar c)
{
	if (c < 0x80)
		return 1;
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

static size_t columns_of(const char *text, size_t len)
{
	const char *end = text + len;
	size_t columns = 0;

	while (text < end) {
		if ((unsigned char)*text < 0x80) {
			columns++;
			text++;
		} else {
			columns += char_columns(g_utf8_get_char(text));
			text = g_utf8_next_char(text);
		}
	}
	return columns;
}

size_t paragraph_columns(const char *text)
{
	return columns_of(text, strlen(text));
}

static void append_spaces(GString *out, size_t count)
{
	memset(append_room(out, count), ' ', count);
	append_done(out, count);
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

/* All on this line. */
static void append_whole(struct line *l, const char *text, size_t len, size_t columns)
{
	char *to = append_room(l->out, len);

	for (size_t i = 0; i < len; i++)
		to[i] = text[i] == *PARAGRAPH_TIE ? ' ' : text[i];
	append_done(l->out, len);
	l->column += columns;
	l->empty = false;
}

/* Longer than a line. */
static void append_broken(struct line *l, const char *text, size_t len)
{
	for (const char *at = text, *next; at < text + len; at = next) {
		const size_t columns = char_columns(g_utf8_get_char(at));

		next = g_utf8_next_char(at);
		if (l->column + columns > l->width && !l->empty)
			break_line(l);
		append_whole(l, at, (size_t)(next - at), columns);
	}
}

/* What stays with the number before it, whatever punctuation follows. */
static bool is_unit(const char *word)
{
	static const char *const units[] = {"ns", "us", "\xc2\xb5s", "ms", "s", "min", "h", "d", "byte", "bytes", "kB",
	                                    "MB", "GB", "TB", "PB", "EB", "time", "times", "hop", "hops", "packet",
	                                    "packets", "connection", "connections"};

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (word[0] != units[i][0])
			continue;
		const size_t len = strlen(units[i]);

		if (strncmp(word, units[i], len) == 0 && !g_ascii_isalpha(word[len]))
			return true;
	}
	return false;
}

/* "36.1", "(1,234": ends with a digit, and nothing but a number with punctuation before it. */
static bool is_number(const char *word, size_t len)
{
	return len > 0 && g_ascii_isdigit(word[len - 1]) && strspn(word, "([-0123456789.,") == len;
}

static size_t word_len(const char *text)
{
	return strcspn(text, " ");
}

/* A space, or the end, follows it. */
static void append_word(struct line *l, const char *word, size_t len)
{
	const size_t own = columns_of(word, len);
	const char *next = word[len] ? word + len + 1 : NULL;
	size_t columns = own;

	if (next && is_number(word, len) && is_unit(next))
		columns += 1 + columns_of(next, word_len(next));
	if (l->column > l->indent && l->column + !l->empty + columns > l->width) {
		break_line(l);
	} else if (!l->empty) {
		append_char(l->out, ' ');
		l->column++;
	}
	if (l->column + own <= l->width)
		append_whole(l, word, len, own);
	else
		append_broken(l, word, len);
}

void paragraph_append(GString *out, const char *text, size_t first, size_t indent, size_t width)
{
	struct line l = {.out = out, .column = first, .indent = indent, .width = width, .empty = true};

	while (*text) {
		const size_t len = word_len(text);

		if (len > 0)
			append_word(&l, text, len);
		text += text[len] ? len + 1 : len;
	}
	append_char(out, '\n');
}

void paragraph_append_command(GString *out, const char *command, size_t indent)
{
	append_spaces(out, indent);
	g_string_append_printf(out, "$ %s\n", command);
}
