#include "report/call_line.h"

#include <string.h>

#include "report/endpoint.h"
#include "report/escape.h"
#include "report/input_name.h"
#include "report/paragraph.h"
#include "report/timestamp.h"
#include "rules/host/text.h"

enum { LINES_MOST = 8, UNCLAIMED_MOST = 20 };

static void append_spaces(GString *out, size_t count)
{
	while (count-- > 0)
		g_string_append_c(out, ' ');
}

/* "13:04:11.204 python[4711] send() -> EPIPE" */
static void append_call(GString *out, const struct call *call, bool ascii)
{
	char clock[CLOCK_LEN];

	clock_write(clock, call->time_ns);
	g_string_append_len(out, clock, CLOCK_LEN);
	g_string_append_c(out, ' ');
	escape_append(out, call->process, strnlen(call->process, sizeof(call->process)), ascii);
	g_string_append_printf(out, "[%d]" PARAGRAPH_TIE "%s()" PARAGRAPH_TIE "%s" PARAGRAPH_TIE "%s", call->pid, call->name,
	                       ascii ? "->" : "→", call->error);
}

/* ", 1.2 ms after packet 88, RST from 10.0.0.2" */
static void append_packet(GString *out, const struct call *call, const struct facts *f, const struct report_options *options)
{
	struct call_packet because;
	g_autoptr(GString) ago = g_string_new(NULL);

	if (!calls_packet(call, f, &because))
		return;
	text_append_duration(ago, call->time_ns - because.packet.time_ns);
	g_string_append(out, ", ");
	escape_append(out, ago->str, ago->len, options->ascii);
	g_string_append(out, " after packet" PARAGRAPH_TIE);
	input_name_append_packet(out, options, because.packet.number, 0);
	g_string_append_printf(out, ", %s", because.words);
	if (because.has_source) {
		g_string_append(out, PARAGRAPH_TIE);
		text_append_address(out, because.source);
	}
}

void call_lines_append(GString *out, const struct facts *f, const struct report_options *options, size_t indent)
{
	const struct call *call;
	size_t at = 0, count = 0;

	while (options->calls && (call = calls_next(options->calls, f, &at))) {
		g_autoptr(GString) line = g_string_new(NULL);

		if (count++ >= LINES_MOST)
			continue;
		append_call(line, call, options->ascii);
		append_packet(line, call, f, options);
		append_spaces(out, indent);
		paragraph_append(out, line->str, indent, indent + 2, options->width);
	}
	if (count > LINES_MOST) {
		append_spaces(out, indent);
		g_string_append_printf(out, "and %zu more calls that failed on it; -o ndjson has them all\n", count - LINES_MOST);
	}
}

static void append_remote(GString *out, const struct call *call, bool ascii)
{
	if (!call->has_remote)
		return;
	g_string_append(out, ", to" PARAGRAPH_TIE);
	endpoint_append(out, &call->remote, SIZE_MAX, ascii);
}

void call_lines_append_unclaimed(GString *out, const struct report_options *options)
{
	const struct call *call;
	size_t at = 0, count = 0;

	while (options->calls && (call = calls_next_unclaimed(options->calls, &at))) {
		g_autoptr(GString) line = g_string_new(NULL);

		if (count++ >= UNCLAIMED_MOST)
			continue;
		if (count == 1)
			paragraph_append(out, "Calls that failed, and of whose connection no packet was captured:", 0, 0,
			                 options->width);
		append_call(line, call, options->ascii);
		append_remote(line, call, options->ascii);
		append_spaces(out, 2);
		paragraph_append(out, line->str, 2, 4, options->width);
	}
	if (count > UNCLAIMED_MOST)
		g_string_append_printf(out, "  and %zu more; -o ndjson has them all\n", count - UNCLAIMED_MOST);
}
