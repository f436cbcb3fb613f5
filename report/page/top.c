/* The top of the page: the sentence, the numbers, and where the rest is. */
#include "report/page/part.h"

#include <string.h>

#include "report/counting.h"
#include "report/html_escape.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum { LONG_HEADLINE = 90 }; /* bytes from which it is set in smaller letters */

static void append_number(GString *out, const char *number, const char *what, const char *class)
{
	g_string_append_printf(out, "<div%s%s%s><dt>%s</dt><dd>%s</dd></div>\n", class ? " class=\"" : "", class ? class : "",
	                       class ? "\"" : "", what, number);
}

static void append_count(GString *out, uint64_t count, const char *what, const char *class)
{
	g_autoptr(GString) number = g_string_new(NULL);

	counting_append_number(number, count);
	append_number(out, number->str, what, count ? class : NULL);
}

static void append_duration(GString *out, const struct run_summary *s)
{
	g_autoptr(GString) duration = g_string_new(NULL);

	if (s->last_ns <= s->first_ns)
		return;
	text_append_duration(duration, s->last_ns - s->first_ns);
	append_number(out, duration->str, "captured", NULL);
}

/* Those that hurt somebody. */
static uint64_t count_incidents(const struct writeup *w)
{
	uint64_t count = 0;

	for (size_t i = 0; i < w->incidents->len; i++)
		count += w->incidents->incidents[i].severity == HANGUP_SEVERITY_ABNORMAL;
	return count;
}

static void append_numbers(GString *out, const struct writeup *w)
{
	const uint64_t incidents = count_incidents(w);

	g_string_append(out, "<dl class=\"numbers\">\n");
	append_count(out, w->counts.told, w->counts.told == 1 ? "connection" : "connections", NULL);
	append_count(out, w->counts.severity[HANGUP_SEVERITY_ABNORMAL], "ended badly", "abnormal");
	if (incidents)
		append_count(out, incidents, incidents == 1 ? "incident" : "incidents", NULL);
	append_count(out, w->counts.severity[HANGUP_SEVERITY_HARMLESS], "harmless", "harmless");
	append_count(out, w->counts.label[HANGUP_LABEL_STILL_OPEN], "still open", NULL);
	append_duration(out, &w->summary);
	g_string_append(out, "</dl>\n");
}

static void append_labels(GString *out, const struct writeup *w)
{
	g_string_append(out, "<ul class=\"labels\" aria-label=\"Connections by label\">\n");
	for (enum hangup_label label = 0; label < HANGUP_LABEL_COUNT; label++) {
		if (w->counts.label[label] == 0)
			continue;
		g_string_append(out, "<li><b>");
		counting_append_number(out, w->counts.label[label]);
		g_string_append_printf(out, "</b> %s</li>\n", label_name(label));
	}
	g_string_append(out, "</ul>\n");
}

static void append_contents(GString *out, const struct writeup *w)
{
	g_string_append(out, "<nav aria-label=\"Contents\"><ul>\n");
	if (w->incidents->len)
		g_string_append(out, "<li><a href=\"#incidents\">What ended together</a></li>\n");
	if (w->endings->len)
		g_string_append(out, "<li><a href=\"#endings\">Every ending</a></li>\n");
	if (w->accounts)
		g_string_append(out, "<li><a href=\"#connections\">One by one</a></li>\n");
	g_string_append(out, "<li><a href=\"#method\">Method and limits</a></li>\n</ul></nav>\n");
}

void part_append_top(GString *out, const struct writeup *w)
{
	g_string_append(out, "<header>\n");
	piece_append(out, "p", "kicker", w->title);
	piece_append(out, "h1", strlen(w->headline) > LONG_HEADLINE ? "long" : NULL, w->headline);
	g_string_append(out, "\n<p class=\"standing\">");
	piece_append_prose(out, w->standing);
	g_string_append(out, "</p>\n");
	append_numbers(out, w);
	append_labels(out, w);
	picture_append_timeline(out, w);
	append_contents(out, w);
	g_string_append(out, "</header>\n");
}
