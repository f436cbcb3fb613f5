/* The table of every ending that is told of. It is whole without script; with it it can be sorted and filtered. */
#include "report/page/part.h"

#include <math.h>

#include "report/counting.h"
#include "report/html_escape.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static void append_id(GString *out, const struct writeup_ending *e)
{
	if (e->account)
		g_string_append_printf(out, "<a href=\"#c%" G_GUINT64_FORMAT "\">%" G_GUINT64_FORMAT "</a>", e->id, e->id);
	else
		g_string_append_printf(out, "%" G_GUINT64_FORMAT, e->id);
}

static void append_ends(GString *out, const struct writeup_ending *e)
{
	g_autoptr(GString) client = g_string_new(NULL), server = g_string_new(NULL);

	text_append_end(client, &e->end[HANGUP_CLIENT]);
	text_append_end(server, &e->end[HANGUP_SERVER]);
	g_string_append_printf(out, "<span class=\"end\">%s</span> <span class=\"end to\">%s</span>", client->str, server->str);
}

/* The verdict, and the incident that it is part of. */
static void append_verdict(GString *out, const struct writeup_ending *e)
{
	g_string_append(out, "<span class=\"line\">");
	piece_append_label(out, e->label, e->cause, e->severity);
	if (e->incident)
		g_string_append_printf(out, " <a class=\"of\" href=\"#i%" G_GUINT64_FORMAT "\">incident %" G_GUINT64_FORMAT "</a>",
		                       e->incident, e->incident);
	g_string_append(out, "</span> ");
}

static void append_row(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	g_string_append_printf(out, "<tr id=\"r%" G_GUINT64_FORMAT "\"><th scope=\"row\">", e->id);
	append_id(out, e);
	g_string_append(out, "</th><td class=\"when\">");
	piece_append_time(out, e->time_ns, w->summary.first_ns);
	g_string_append(out, "</td><td class=\"ends\">");
	append_ends(out, e);
	g_string_append(out, "</td><td class=\"what\">");
	append_verdict(out, e);
	html_escape_append(out, e->sentence);
	g_string_append_printf(out, "</td><td class=\"num\">%d%%</td></tr>\n", (int)lround(e->confidence * 100));
}

static void append_left(GString *out, const struct writeup *w)
{
	if (!w->endings_left)
		return;
	g_string_append(out, "<p class=\"left\">");
	counting_append(out, w->endings_left, "ending more is", "endings more are");
	g_string_append(out, " not listed here: <code>hangup read -o ndjson</code> writes them all.</p>\n");
}

static void append_caption(GString *out, const struct writeup *w)
{
	g_string_append(out, "<caption>");
	counting_append(out, w->endings->len, "connection", "connections");
	g_string_append(out, "; the times are UTC</caption>\n");
}

void part_append_endings(GString *out, const struct writeup *w)
{
	if (w->endings->len == 0)
		return;
	g_string_append(out, "<section id=\"endings\" aria-labelledby=\"endings-title\">\n"
	                     "<h2 id=\"endings-title\">Every ending</h2>\n"
	                     "<div class=\"tools\" hidden><label for=\"filter\">Show only</label> <input id=\"filter\" type=\"search\" "
	                     "autocomplete=\"off\" spellcheck=\"false\" placeholder=\"refused 198.51.100.7\"> "
	                     "<output id=\"shown\" for=\"filter\"></output></div>\n"
	                     "<table class=\"endings sortable\">\n");
	append_caption(out, w);
	g_string_append(out, "<thead><tr><th scope=\"col\">#</th><th scope=\"col\" class=\"when\">When</th>"
	                     "<th scope=\"col\">Client, server</th><th scope=\"col\">What happened</th>"
	                     "<th scope=\"col\" class=\"num\">Sure</th></tr></thead>\n<tbody>\n");
	for (guint i = 0; i < w->endings->len; i++)
		append_row(out, w, writeup_ending_at(w, i));
	g_string_append(out, "</tbody>\n</table>\n");
	append_left(out, w);
	g_string_append(out, "</section>\n");
}
