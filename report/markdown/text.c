#include "report/markdown/text.h"

#include <string.h>

#include "report/escape.h"

/* --- words ------------------------------------------------------------------------------------------------------ */
/* Hexadecimal digits that stand alone and look like a commit: GitHub links them. */
static size_t commit_length(const char *text, const char *begin)
{
	enum { SHORTEST = 7, LONGEST = 40 };
	const size_t len = strspn(text, "0123456789abcdefABCDEF");
	const bool alone = (text == begin || !g_ascii_isalnum(text[-1])) && !g_ascii_isalnum(text[len]);

	return alone && len >= SHORTEST && len <= LONGEST && strcspn(text, "abcdefABCDEF") < len ? len : 0;
}

/* What would make a link, a mention or an emoji of what is around it: ":" of a scheme or of ":name:", "." of "www.". */
static bool links(const char *text, const char *begin)
{
	if (*text == '@' || *text == '#')
		return true;
	if (*text == ':')
		return text[1] == '/' || (g_ascii_isalpha(text[1]) && strchr(text + 1, ':'));
	return *text == '.' && text - begin >= 3 && g_ascii_strncasecmp(text - 3, "www", 3) == 0;
}

/* Nothing but the sign of a list stands before it on its line. */
static bool is_at_beginning(const GString *out)
{
	gsize at = out->len;

	while (at > 0 && strchr("- ", out->str[at - 1]))
		at--;
	return at == 0 || out->str[at - 1] == '\n';
}

/* What begins a list or a heading at the beginning of a line. */
static bool begins_block(const char *text, const char *begin)
{
	if (text == begin)
		return strchr("-+=", *text) != NULL;
	return strchr(".)", *text) && strspn(begin, "0123456789") == (size_t)(text - begin);
}

/* A span right behind another is part of it: two backquotes in a row would be another fence. Those of a text itself have
 * a backslash before them. */
static void append_code(GString *out, const char *text, size_t len)
{
	if (out->len > 1 && out->str[out->len - 1] == '`' && out->str[out->len - 2] != '\\')
		g_string_truncate(out, out->len - 1);
	else
		g_string_append_c(out, '`');
	g_string_append_len(out, text, (gssize)len);
	g_string_append_c(out, '`');
}

/* One character of ASCII that is plain. */
static size_t append_plain(GString *out, const char *text, const char *begin, bool at_beginning)
{
	const size_t commit = commit_length(text, begin);

	if (commit) {
		append_code(out, text, commit);
		return commit;
	}
	if (links(text, begin)) {
		append_code(out, text, 1);
		return 1;
	}
	if (strchr("\\`*_{}[]<>|~$&!", *text) || (at_beginning && begins_block(text, begin)))
		g_string_append_c(out, '\\');
	g_string_append_c(out, *text);
	return 1;
}

void markdown_text_append(GString *out, const char *text)
{
	const char *begin = text;
	const bool at_beginning = is_at_beginning(out);

	for (size_t step; *text; text += step) {
		gunichar c;

		if (text - begin >= MARKDOWN_TEXT_MAX) {
			g_string_append(out, "...");
			return;
		}

		step = escape_next(text, strlen(text), &c);
		if (step == 1 && escape_is_plain(c)) {
			step = append_plain(out, text, begin, at_beginning);
		} else if (step > 1 && escape_is_plain(c)) {
			g_string_append_len(out, text, (gssize)step);
		} else {
			step = MAX(step, 1u);
			g_autoptr(GString) visible = g_string_new(NULL);

			escape_append(visible, text, step, false);
			append_code(out, visible->str, visible->len);
		}
	}
}

void markdown_sentence_append(GString *out, const char *text)
{
	const gsize start = out->len;

	markdown_text_append(out, text);
	out->str[start] = g_ascii_toupper(out->str[start]);
}

/* --- code ------------------------------------------------------------------------------------------------------- */
static size_t longest_run(const char *text, char c)
{
	size_t longest = 0, run = 0;

	for (; *text; text++) {
		run = *text == c ? run + 1 : 0;
		longest = MAX(longest, run);
	}
	return longest;
}

static void append_times(GString *out, const char *text, size_t times)
{
	while (times-- > 0)
		g_string_append(out, text);
}

/* In a cell a backslash takes the bar's meaning away, whatever stands before it, and is taken away itself. */
static void append_for_cell(GString *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *text);
	}
}

static char *visible(const char *text, size_t max)
{
	GString *safe = g_string_new(NULL);

	escape_append(safe, text, strlen(text), false);
	if (safe->len > max) {
		g_string_truncate(safe, (gsize)(g_utf8_find_prev_char(safe->str, safe->str + max) - safe->str));
		g_string_append(safe, "...");
	}
	return g_string_free(safe, FALSE);
}

void markdown_code_append(GString *out, const char *text, bool in_cell)
{
	g_autofree char *safe = visible(text, MARKDOWN_CODE_MAX);
	const size_t fence = longest_run(safe, '`') + 1;
	/* A space at either end keeps backquotes there apart from the fence; readers take it away again. */
	const bool apart = *safe == '`' || *safe == ' ' || g_str_has_suffix(safe, "`") || g_str_has_suffix(safe, " ");

	if (!*safe)
		return;
	append_times(out, "`", fence);
	g_string_append(out, apart ? " " : "");
	if (in_cell)
		append_for_cell(out, safe);
	else
		g_string_append(out, safe);
	g_string_append(out, apart ? " " : "");
	append_times(out, "`", fence);
}

void markdown_block_append(GString *out, const char *language, const char *text)
{
	enum { SHORTEST = 3 };
	g_autofree char *safe = visible(text, G_MAXSIZE);
	const size_t fence = MAX(longest_run(safe, '`') + 1, (size_t)SHORTEST);

	append_times(out, "`", fence);
	g_string_append_printf(out, "%s\n%s\n", language, safe);
	append_times(out, "`", fence);
	g_string_append(out, "\n\n");
}
