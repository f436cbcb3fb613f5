#include "report/page/part.h"

#include <math.h>
#include <string.h>

#include "report/html_escape.h"
#include "report/sentence.h"
#include "report/timestamp.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

/* --- text --------------------------------------------------------------------------------------------------------- */
static bool is_unit(const char *text)
{
	static const char *const units[] = {"s", "ms", "\xc2\xb5s", "ns", "min", "h", "d", "bytes", "kB", "MB", "GB", "%"};

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		const size_t len = strlen(units[i]);

		if (strncmp(text, units[i], len) == 0 && !g_ascii_isalnum(text[len]))
			return true;
	}
	return false;
}

/* Escaped; a number stays on one line with its unit. */
static void append_text(GString *out, const char *text)
{
	const gsize start = out->len;

	html_escape_append(out, text);
	for (gsize i = start + 1; i + 1 < out->len; i++) {
		if (out->str[i] == ' ' && g_ascii_isdigit(out->str[i - 1]) && is_unit(out->str + i + 1)) {
			g_string_erase(out, (gssize)i, 1);
			g_string_insert(out, (gssize)i, "\xc2\xa0");
		}
	}
}

void piece_append(GString *out, const char *tag, const char *class, const char *text)
{
	g_string_append_printf(out, "<%s", tag);
	if (class)
		g_string_append_printf(out, " class=\"%s\"", class);
	g_string_append_c(out, '>');
	append_text(out, text);
	g_string_append_printf(out, "</%s>", tag);
}

void piece_append_prose(GString *out, const char *text)
{
	g_autoptr(GRegex) date = g_regex_new("\\b\\d{4}-\\d\\d-\\d\\d\\b", 0, 0, NULL);
	g_autoptr(GString) escaped = g_string_new(NULL);

	append_text(escaped, text);
	g_autofree char *kept = g_regex_replace(date, escaped->str, (gssize)escaped->len, 0, "<span class=\"nb\">\\0</span>", 0,
	                                        NULL);
	g_string_append(out, kept);
}

void piece_append_duration(GString *out, int64_t duration_ns)
{
	g_autoptr(GString) text = g_string_new(NULL);

	text_append_duration(text, duration_ns);
	append_text(out, text->str);
}

void piece_append_time(GString *out, int64_t time_ns, int64_t day_ns)
{
	char stamp[TIMESTAMP_LEN], date[DATE_LEN], day[DATE_LEN], clock[CLOCK_LEN];

	timestamp_write(stamp, time_ns);
	date_write(date, time_ns);
	date_write(day, day_ns);
	clock_write(clock, time_ns);
	g_string_append_printf(out, "<time datetime=\"%.*s\">", TIMESTAMP_LEN, stamp);
	if (memcmp(date, day, DATE_LEN) != 0)
		g_string_append_printf(out, "%.*s ", DATE_LEN, date);
	g_string_append_printf(out, "%.*s</time>", CLOCK_LEN, clock);
}

void piece_append_label(GString *out, enum hangup_label label, enum hangup_cause cause, enum hangup_severity severity)
{
	g_string_append_printf(out, "<span class=\"label %s\">%s<wbr>/%s</span>", severity_name(severity), label_name(label),
	                       cause_name(cause));
}

void piece_append_sureness(GString *out, double confidence)
{
	const int percent = (int)lround(confidence * 100);

	g_string_append_printf(out, "<span class=\"sure\"><svg class=\"bar\" viewBox=\"0 0 100 6\" preserveAspectRatio=\"none\" "
	                            "aria-hidden=\"true\"><rect class=\"rest\" width=\"100\" height=\"6\"/>"
	                            "<rect width=\"%d\" height=\"6\"/></svg>%d%%</span>", percent, percent);
}

void piece_append_confidence(GString *out, double confidence)
{
	const char *words = sentence_confidence(confidence);

	g_string_append_c(out, g_ascii_toupper(*words));
	g_string_append(out, words + 1);
}

void piece_append_command(GString *out, const char *command)
{
	g_string_append(out, "<div class=\"copy\"><pre tabindex=\"0\"><code>");
	html_escape_append(out, command);
	g_string_append(out, "</code></pre></div>");
}
