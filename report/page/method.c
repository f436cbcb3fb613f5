/* How it was found, and what that cannot tell. */
#include "report/page/part.h"

#include "report/counting.h"
#include "report/html_escape.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static void append_list(GString *out, const char *title, const GPtrArray *items, const char *item_class)
{
	if (items->len == 0)
		return;
	g_string_append_printf(out, "<h3>%s</h3>\n<ul>\n", title);
	for (guint i = 0; i < items->len; i++) {
		piece_append(out, "li", item_class, items->pdata[i]);
		g_string_append_c(out, '\n');
	}
	g_string_append(out, "</ul>\n");
}

static void append_vantages(GString *out, const struct writeup *w)
{
	if (!w->counts.told)
		return;
	g_string_append(out, "<h3>Where it was captured</h3>\n<ul>\n");
	for (size_t vantage = 0; vantage < HANGUP_VANTAGE_COUNT; vantage++) {
		for (size_t by = 0; by < HANGUP_VANTAGE_BY_COUNT; by++) {
			if (!w->vantages[vantage][by])
				continue;
			g_string_append(out, "<li>");
			counting_append(out, w->vantages[vantage][by], "connection: ", "connections: ");
			g_string_append_printf(out, "%s (%s)</li>\n", vantage_meaning((enum hangup_vantage)vantage),
			                       vantage_by_meaning((enum hangup_vantage_by)by));
		}
	}
	g_string_append(out, "</ul>\n");
}

static void append_file(GString *out, const struct writeup_file *file)
{
	g_string_append(out, "<tr><th scope=\"row\"><bdi>");
	html_escape_append(out, file->name);
	g_string_append(out, "</bdi></th><td class=\"num\">");
	if (file->measured)
		text_append_bytes(out, (int64_t)file->bytes);
	g_string_append_printf(out, "</td><td class=\"hash\">%s</td></tr>\n", file->measured ? file->sha256 : "");
}

static void append_files(GString *out, const struct writeup *w)
{
	g_string_append(out, "<h3>Files</h3>\n<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"Files\"><table class=\"files\"><thead><tr><th scope=\"col\">File</th>"
	                     "<th scope=\"col\" class=\"num\">Size</th><th scope=\"col\">SHA-256</th></tr></thead>\n<tbody>\n");
	for (guint i = 0; i < w->files->len; i++)
		append_file(out, w->files->pdata[i]);
	g_string_append(out, "</tbody></table></div>\n");
}

void part_append_method(GString *out, const struct writeup *w)
{
	g_string_append(out, "<section id=\"method\" aria-labelledby=\"method-title\">\n"
	                     "<h2 id=\"method-title\">Method and limits</h2>\n");
	append_list(out, "What the capture lacks", w->notes, NULL);
	append_vantages(out, w);
	append_files(out, w);
	append_list(out, "Options", w->options, "code");
	append_list(out, "Thresholds that are not as shipped", w->thresholds, "code");
	g_string_append(out, "</section>\n");
}
