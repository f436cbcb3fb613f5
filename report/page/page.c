/* What may run and be shown is fixed by a policy that names the one style and the one script by their hashes: even if a
 * text ever came through unescaped, it could neither run nor fetch anything. */
#include "report/page/page.h"

#include <string.h>

#include "report/html_escape.h"
#include "report/page/part.h"
#include "report/svg/svg.h"

static void append_hash(GString *out, const char *text)
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize len = sizeof(digest);

	g_checksum_update(checksum, (const guchar *)text, -1);
	g_checksum_get_digest(checksum, digest, &len);
	g_autofree char *base64 = g_base64_encode(digest, len);
	g_string_append_printf(out, "'sha256-%s'", base64);
}

static void append_policy(GString *out, const char *style)
{
	g_string_append(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src ");
	append_hash(out, style);
	g_string_append(out, "; script-src ");
	append_hash(out, page_js);
	g_string_append(out, "; base-uri 'none'; form-action 'none'\">\n");
}

static void append_head(GString *out, const struct writeup *w)
{
	g_autofree char *style = g_strconcat(svg_stylesheet(), page_css, NULL); /* the page may set the pictures' colours */

	g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	append_policy(out, style);
	g_string_append(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	                     "<meta name=\"color-scheme\" content=\"light dark\">\n"
	                     "<meta name=\"referrer\" content=\"no-referrer\">\n");
	g_string_append_printf(out, "<meta name=\"generator\" content=\"hangup %s\">\n", w->version);
	piece_append(out, "title", NULL, w->title);
	g_string_append_printf(out, "\n<style>%s</style>\n</head>\n", style);
}

void page_append(GString *out, const struct writeup *w)
{
	append_head(out, w);
	g_string_append(out, "<body>\n<a class=\"skip\" href=\"#main\">Skip to what happened</a>\n");
	part_append_top(out, w);
	g_string_append(out, "<main id=\"main\" tabindex=\"-1\">\n");
	part_append_incidents(out, w);
	part_append_endings(out, w);
	part_append_accounts(out, w);
	part_append_method(out, w);
	g_string_append_printf(out, "</main>\n<footer><p>Made by hangup %s from the packets alone. Times are UTC.</p></footer>\n",
	                       w->version);
	g_string_append_printf(out, "<script>%s</script>\n</body>\n</html>\n", page_js);
}
