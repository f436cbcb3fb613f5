/* How it was found, and what that cannot tell. */
#include "report/page/part.h"

#include "report/counting.h"
#include "report/html_escape.h"
#include "rules/host/text.h"

static void begin_table(GString *out, const char *title, const char *class, const char *heads)
{
	g_string_append_printf(out, "<h3>%s</h3>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"%s\">"
	                            "<table class=\"%s\"><thead><tr>%s</tr></thead>\n<tbody>\n", title, title, class, heads);
}

static void end_table(GString *out)
{
	g_string_append(out, "</tbody></table></div>\n");
}

/* --- what it cannot tell ------------------------------------------------------------------------------------------ */

static void append_limits(GString *out, const struct writeup *w)
{
	if (!w->limits->len)
		return;
	g_string_append(out, "<dl class=\"limits\">\n");
	for (guint i = 0; i < w->limits->len; i++) {
		const struct writeup_limit *limit = w->limits->pdata[i];

		g_string_append(out, "<div>");
		piece_append(out, "dt", NULL, limit->name);
		piece_append(out, "dd", NULL, limit->text);
		g_string_append(out, "</div>\n");
	}
	g_string_append(out, "</dl>\n");
}

/* --- what it was made from ------------------------------------------------------------------------------------------ */

static void append_file(GString *out, const struct writeup_file *file)
{
	g_string_append(out, "<tr><th scope=\"row\"><bdi>");
	html_escape_append(out, file->name);
	g_string_append(out, "</bdi></th><td class=\"num\">");
	if (file->measured)
		counting_append(out, file->bytes, "byte", "bytes");
	g_string_append_printf(out, "</td><td class=\"hash\">%s</td></tr>\n", file->measured ? file->sha256 : "");
}

static void append_files(GString *out, const struct writeup *w)
{
	begin_table(out, w->files->len == 1 ? "The file" : "The files", "files",
	            "<th scope=\"col\">Name</th><th scope=\"col\" class=\"num\">Size</th><th scope=\"col\">SHA-256</th>");
	for (guint i = 0; i < w->files->len; i++)
		append_file(out, w->files->pdata[i]);
	end_table(out);
}

static void append_text_cell(GString *out, const char *text)
{
	g_string_append(out, "<td><bdi>");
	html_escape_append(out, text ? text : "");
	g_string_append(out, "</bdi></td>");
}

static void append_count_cell(GString *out, uint64_t count, bool known)
{
	g_string_append(out, "<td class=\"num\">");
	if (known)
		counting_append_number(out, count);
	g_string_append(out, "</td>");
}

static void append_interface(GString *out, const struct writeup_interface *interface, guint number)
{
	g_string_append_printf(out, "<tr><th scope=\"row\">%u <bdi>", number);
	html_escape_append(out, interface->name ? interface->name : "");
	g_string_append(out, "</bdi></th>");
	append_text_cell(out, interface->description);
	append_text_cell(out, interface->os);
	append_text_cell(out, interface->filter);
	append_count_cell(out, interface->snaplen, interface->snaplen != 0);
	append_count_cell(out, interface->received, interface->received != UINT64_MAX);
	append_count_cell(out, interface->dropped, interface->dropped != UINT64_MAX);
	g_string_append(out, "</tr>\n");
}

/* More than how much is kept of a packet, which the limits say. */
static bool tells_something(const struct writeup_interface *i)
{
	return i->name || i->description || i->os || i->filter || i->received != UINT64_MAX || i->dropped != UINT64_MAX;
}

static bool any_tells_something(const struct writeup *w)
{
	for (guint i = 0; i < w->interfaces->len; i++) {
		if (tells_something(w->interfaces->pdata[i]))
			return true;
	}
	return false;
}

static void append_interfaces(GString *out, const struct writeup *w)
{
	if (!any_tells_something(w))
		return;
	begin_table(out, "Interfaces, as the capture describes them", "interfaces",
	            "<th scope=\"col\">Interface</th><th scope=\"col\">Description</th><th scope=\"col\">System</th>"
	            "<th scope=\"col\">Capture filter</th><th scope=\"col\" class=\"num\">Bytes kept</th>"
	            "<th scope=\"col\" class=\"num\">Received</th><th scope=\"col\" class=\"num\">Lost</th>");
	for (guint i = 0; i < MIN(w->interfaces->len, WRITEUP_INTERFACES_SHOWN); i++)
		append_interface(out, w->interfaces->pdata[i], i);
	end_table(out);
	if (w->interfaces->len > WRITEUP_INTERFACES_SHOWN) {
		g_string_append(out, "<p class=\"left\">");
		counting_append(out, w->interfaces->len - WRITEUP_INTERFACES_SHOWN, "more is", "more are");
		g_string_append(out, " not listed.</p>\n");
	}
}

/* --- how it was made -------------------------------------------------------------------------------------------------- */

static void append_given(GString *out, const char *title, const GPtrArray *items, const char *none)
{
	g_string_append_printf(out, "<div><dt>%s</dt><dd>", title);
	for (guint i = 0; i < items->len; i++) {
		if (i > 0)
			g_string_append(out, "<br>");
		piece_append(out, "code", NULL, items->pdata[i]);
	}
	g_string_append_printf(out, "%s</dd></div>\n", items->len ? "" : none);
}

static void append_making(GString *out, const struct writeup *w)
{
	g_string_append(out, "<h3>How it was made</h3>\n<dl class=\"limits\">\n<div><dt>By</dt><dd>hangup ");
	html_escape_append(out, w->version);
	g_string_append(out, ". Rules judge each connection by facts about its packets and name the packets they rest on; "
	                     "the strongest claim is the verdict, the others its alternatives. Packet numbers are Wireshark’s.</dd></div>\n");
	append_given(out, "Options", w->options, "none that bear on what is told");
	append_given(out, "Thresholds", w->thresholds, "all as shipped");
	g_string_append(out, "</dl>\n");
}

void part_append_method(GString *out, const struct writeup *w)
{
	g_string_append(out, "<section id=\"method\" aria-labelledby=\"method-title\">\n"
	                     "<h2 id=\"method-title\">Method and limits</h2>\n");
	append_limits(out, w);
	append_files(out, w);
	append_interfaces(out, w);
	append_making(out, w);
	g_string_append(out, "</section>\n");
}
