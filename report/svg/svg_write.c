#include "report/svg/svg_write.h"

#include "report/html_escape.h"

enum { HEAD_LENGTH = 8, HEAD_HALF = 4, CROSS_HALF = 4 };

static void append_class(GString *out, const char *class)
{
	if (class)
		g_string_append_printf(out, " class=\"%s\"", class);
}

void svg_open(GString *out, const char *id, const char *kind, int width, int height, bool links)
{
	g_string_append_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"hang-svg %s\" viewBox=\"0 0 %d %d\" "
	                            "role=\"%s\" aria-labelledby=\"%s-t\" aria-describedby=\"%s-d\">\n",
	                       kind, width, height, links ? "group" : "img", id, id);
}

void svg_describe(GString *out, const char *id, const char *title, const char *description)
{
	g_string_append_printf(out, "<title id=\"%s-t\">", id);
	html_escape_append(out, title);
	g_string_append_printf(out, "</title>\n<desc id=\"%s-d\">", id);
	html_escape_append(out, description);
	g_string_append(out, "</desc>\n");
}

void svg_close(GString *out)
{
	g_string_append(out, "</svg>\n");
}

void svg_group_open(GString *out, const char *class)
{
	g_string_append(out, "<g");
	append_class(out, class);
	g_string_append_c(out, '>');
}

void svg_group_close(GString *out)
{
	g_string_append(out, "</g>\n");
}

void svg_rect(GString *out, const char *class, int x, int y, int width, int height, int radius)
{
	g_string_append(out, "<rect");
	append_class(out, class);
	g_string_append_printf(out, " x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", x, y, width, height);
	if (radius)
		g_string_append_printf(out, " rx=\"%d\"", radius);
	g_string_append(out, "/>");
}

void svg_circle(GString *out, const char *class, int x, int y, int radius)
{
	g_string_append(out, "<circle");
	append_class(out, class);
	g_string_append_printf(out, " cx=\"%d\" cy=\"%d\" r=\"%d\"/>", x, y, radius);
}

void svg_line(GString *out, const char *class, int x1, int y1, int x2, int y2)
{
	g_string_append(out, "<path");
	append_class(out, class);
	if (y1 == y2)
		g_string_append_printf(out, " d=\"M%d %dH%d\"/>", x1, y1, x2);
	else if (x1 == x2)
		g_string_append_printf(out, " d=\"M%d %dV%d\"/>", x1, y1, y2);
	else
		g_string_append_printf(out, " d=\"M%d %dL%d %d\"/>", x1, y1, x2, y2);
}

void svg_path(GString *out, const char *class, const char *path)
{
	g_string_append(out, "<path");
	append_class(out, class);
	g_string_append_printf(out, " d=\"%s\"/>", path);
}

void svg_text(GString *out, const char *class, int x, int y, const char *text)
{
	g_string_append(out, "<text");
	append_class(out, class);
	g_string_append_printf(out, " x=\"%d\" y=\"%d\">", x, y);
	html_escape_append(out, text);
	g_string_append(out, "</text>");
}

void svg_arrow_head(GString *out, int x, int y, int direction)
{
	g_string_append_printf(out, "<path class=\"head\" d=\"M%d %dl%d %dv%dz\"/>", x, y, -direction * HEAD_LENGTH, -HEAD_HALF,
	                       2 * HEAD_HALF);
}

void svg_cross(GString *out, int x, int y)
{
	g_string_append_printf(out, "<path class=\"cross\" d=\"M%d %dl%d %dm0 %dl%d %d\"/>", x - CROSS_HALF, y - CROSS_HALF,
	                       2 * CROSS_HALF, 2 * CROSS_HALF, -2 * CROSS_HALF, -2 * CROSS_HALF, 2 * CROSS_HALF);
}
