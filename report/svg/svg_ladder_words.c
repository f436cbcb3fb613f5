/* Each packet in a word of the trade and, where that word is opaque, one of everybody's. */
#include "report/svg/svg_ladder_words.h"

#include <string.h>

#include "capture/segment.h"
#include "report/icmp_name.h"
#include "rules/host/text.h"

static void append_flags(GString *out, uint8_t flags)
{
	static const struct {
		uint8_t flag;
		const char *name;
	} names[] = {{TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_ACK, "ACK"}};
	const gsize start = out->len;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (flags & names[i].flag)
			g_string_append_printf(out, "%s%s", out->len > start ? " " : "", names[i].name);
	}
	if (out->len == start)
		g_string_append(out, "no flags");
}

static bool is_control(const struct ladder_row *row)
{
	return row->flags & (TCP_SYN | TCP_FIN | TCP_RST);
}

static void append_icmp(GString *out, const struct ladder_row *row)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	const unsigned version = memcmp(row->icmp_source, mapped, sizeof(mapped)) == 0 ? 4 : 6;
	const char *name = icmp_name(version, row->icmp_type, row->icmp_code);

	g_string_append(out, "ICMP ");
	if (name)
		g_string_append(out, name);
	else
		g_string_append_printf(out, "type %u code %u", row->icmp_type, row->icmp_code);
}

void svg_ladder_name_append(GString *out, const struct ladder_row *row)
{
	if (row->icmp) {
		append_icmp(out, row);
	} else if (row->probe) {
		g_string_append(out, "probe");
	} else if (row->len && !is_control(row)) {
		g_string_append_printf(out, "%u %s", row->len, row->len == 1 ? "byte" : "bytes");
	} else {
		append_flags(out, row->flags);
		if (!is_control(row) && (row->flags & TCP_ACK))
			g_string_append_printf(out, " %u", row->ack);
	}
}

/* What a flag asks for, for those who do not know it. */
static const char *meaning(const struct ladder_row *row)
{
	if (row->probe)
		return "are you there?";
	if (row->flags & TCP_RST)
		return "abort";
	if (row->window == 0)
		return "window 0: stop sending";
	if (row->flags & TCP_SYN)
		return row->flags & TCP_ACK ? "agrees to connect" : "asks to connect";
	return row->flags & TCP_FIN ? "has no more to send" : NULL;
}

void svg_ladder_detail_append(GString *out, const struct ladder_row *row)
{
	const gsize start = out->len;
	const char *words = row->icmp ? NULL : meaning(row);

	if (row->icmp)
		return;
	if ((row->flags & (TCP_RST | TCP_FIN)) || row->len || row->probe)
		g_string_append_printf(out, "seq %u", row->seq);
	if (row->len && is_control(row))
		g_string_append_printf(out, ", %u %s", row->len, row->len == 1 ? "byte" : "bytes");
	if (words)
		g_string_append_printf(out, "%s%s", out->len > start ? ", " : "", words);
}

void svg_ladder_repeat_append(GString *out, const struct ladder_row *row)
{
	if (row->times == 0)
		return;
	g_string_append_printf(out, "%c%u", row->probe ? 'P' : 'R', row->times);
	if (row->since_ns > 0) {
		g_string_append(out, " after ");
		text_append_duration(out, row->since_ns);
	}
}
