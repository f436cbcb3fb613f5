#include "report/writeup/limits.h"

#include "report/counting.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

static const uint64_t NOT_TOLD = UINT64_MAX; /* struct writeup_interface */

/* Begins the next sentence. */
static void begin(GString *out)
{
	if (out->len)
		g_string_append_c(out, ' ');
}

static void say(GString *out, const char *sentence)
{
	begin(out);
	g_string_append(out, sentence);
}

/* "3 packets were ...": nothing when there are none. */
static void say_counted(GString *out, uint64_t count, const char *one, const char *many, const char *rest)
{
	if (!count)
		return;
	begin(out);
	counting_append(out, count, one, many);
	g_string_append(out, rest);
}

/* --- where ----------------------------------------------------------------------------------------------------- */

static uint64_t connections_at(const struct writeup *w, enum hangup_vantage vantage)
{
	uint64_t sum = 0;

	for (size_t by = 0; by < HANGUP_VANTAGE_BY_COUNT; by++)
		sum += w->vantages[vantage][by];
	return sum;
}

/* "(packets are marked incoming and outgoing; ...)". */
static void append_how(GString *out, const struct writeup *w, enum hangup_vantage vantage)
{
	const char *separator = " (";

	for (size_t by = 0; by < HANGUP_VANTAGE_BY_COUNT; by++) {
		if (!w->vantages[vantage][by] || by == HANGUP_VANTAGE_BY_NOTHING)
			continue;
		g_string_append_printf(out, "%s%s", separator, vantage_by_meaning((enum hangup_vantage_by)by));
		separator = "; ";
	}
	g_string_append(out, *separator == ';' ? ")" : "");
}

static void say_where(GString *out, const struct writeup *w)
{
	for (size_t vantage = 0; vantage < HANGUP_VANTAGE_COUNT; vantage++) {
		const uint64_t count = connections_at(w, (enum hangup_vantage)vantage);

		if (!count)
			continue;
		begin(out);
		counting_append(out, count, "connection was", "connections were");
		if (vantage == HANGUP_VANTAGE_UNKNOWN) {
			g_string_append(out, " captured at a point that the packets do not tell.");
			continue;
		}
		g_string_append_printf(out, " captured %s", vantage_meaning((enum hangup_vantage)vantage));
		append_how(out, w, (enum hangup_vantage)vantage);
		g_string_append_c(out, '.');
	}
	say(out, "What happened beyond that point is inferred; a capture at the other end would show it.");
}

/* --- loss -------------------------------------------------------------------------------------------------------- */

static bool tells_of_losses(const struct writeup *w)
{
	for (guint i = 0; i < w->interfaces->len; i++) {
		if (((const struct writeup_interface *)w->interfaces->pdata[i])->dropped != NOT_TOLD)
			return true;
	}
	return false;
}

static void say_loss(GString *out, const struct writeup *w)
{
	if (w->summary.capture_dropped)
		say_counted(out, w->summary.capture_dropped, "packet was", "packets were",
		            " lost by the capture itself: some of what looks lost on the network may not be.");
	else if (tells_of_losses(w))
		say(out, "The capture says that it lost no packet.");
	else
		say(out, "The file does not say whether the capture lost packets.");
	if (w->summary.acked_unseen)
		say_counted(out, w->summary.acked_unseen, "byte was", "bytes were",
		            " acknowledged but never captured: packets are missing from it.");
	else
		say(out, "Whatever was acknowledged had been captured.");
	say_counted(out, w->summary.copies, "packet is a copy", "packets are copies",
	            " of others: captured twice, and counted once.");
}

/* --- clocks ------------------------------------------------------------------------------------------------------ */

static void say_clocks(GString *out, const struct writeup *w)
{
	if (w->summary.clock_steps)
		say_counted(out, w->summary.clock_steps, "packet is", "packets are",
		            " stamped a second or more before the one ahead: the clock was set back, and times across that are not "
		            "to be trusted.");
	else
		say(out, "No packet is stamped a second or more before the one ahead of it.");
	say_counted(out, w->summary.odd_times, "packet has", "packets have",
	            " more than a second in the fraction of a second: no time in this capture is to be trusted.");
	if (w->files->len > 1)
		say(out, "Several files are merged by the times in them; how far their clocks are apart is not known.");
	say(out, "Whether the clock was right is not knowable from packets.");
}

/* --- what was kept of each packet ---------------------------------------------------------------------------------- */

static void say_length(GString *out, const struct writeup *w)
{
	uint32_t least = 0;

	for (guint i = 0; i < w->interfaces->len; i++) {
		const struct writeup_interface *interface = w->interfaces->pdata[i];

		if (interface->snaplen && (!least || interface->snaplen < least))
			least = interface->snaplen;
	}
	if (least) {
		begin(out);
		g_string_append(out, "At most ");
		counting_append(out, least, "byte", "bytes");
		g_string_append(out, " of each packet were kept.");
	} else {
		say(out, "Packets were kept whole, as far as the file tells.");
	}
	if (w->summary.truncated)
		say_counted(out, w->summary.truncated, "packet was", "packets were", " cut before the end of the TCP header.");
	else
		say(out, "No TCP header was cut.");
}

static uint64_t connections_by(const struct writeup *w, enum hangup_vantage_by by)
{
	uint64_t sum = 0;

	for (size_t vantage = 0; vantage < HANGUP_VANTAGE_COUNT; vantage++)
		sum += w->vantages[vantage][by];
	return sum;
}

static void say_offload(GString *out, const struct writeup *w)
{
	const uint64_t count = connections_by(w, HANGUP_VANTAGE_BY_PARTIAL_CHECKSUM) +
	                       connections_by(w, HANGUP_VANTAGE_BY_OVERSIZE);

	if (count)
		say_counted(out, count, "connection was", "connections were",
		            " captured before the network card had finished the packets (checksums to be filled in, or segments "
		            "to be split): their number and size on the wire may differ.");
	else
		say(out, "Nothing shows that packets were captured before a network card had finished them, and nothing excludes "
		         "it.");
}

/* --- what was left out -------------------------------------------------------------------------------------------- */

static void say_followed(GString *out, const struct writeup *w)
{
	const struct run_summary *s = &w->summary;

	begin(out);
	counting_append(out, s->segments, "TCP segment", "TCP segments");
	g_string_append(out, " in ");
	counting_append(out, s->frames, "packet", "packets");
	g_string_append(out, s->segments == 1 ? " was followed." : " were followed.");
	say_counted(out, s->undecoded, "packet was", "packets were", " of a link type that hangup does not know.");
	say_counted(out, s->opaque, "packet was", "packets were", " encrypted below TCP.");
	say_counted(out, s->invalid, "packet had", "packets had", " headers that contradict themselves.");
	say_counted(out, s->incomplete, "datagram in IP fragments was", "datagrams in IP fragments were", " never complete.");
	say_counted(out, s->evicted, "connection was", "connections were", " judged early to bound memory.");
	say_counted(out, s->hurried, "ended connection was", "ended connections were",
	            " judged without a wait for late packets, to bound memory.");
	if (s->input_cut)
		say(out, "The input could not be read to its end; all before was judged.");
	if (s->interrupted)
		say(out, "The reading was interrupted; what was read until then was judged.");
}

void limits_write(struct writeup *w)
{
	static const struct {
		const char *name;
		void (*say)(GString *out, const struct writeup *w);
	} subjects[] = {
		{"Where it was captured", say_where}, {"Lost packets", say_loss},  {"Clocks", say_clocks},
		{"Length of packets", say_length},    {"Offloading", say_offload}, {"What was followed", say_followed},
	};

	if (!w->summary.frames)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(subjects); i++) {
		struct writeup_limit *limit = g_new(struct writeup_limit, 1);
		GString *text = g_string_new(NULL);

		subjects[i].say(text, w);
		limit->name = subjects[i].name;
		limit->text = g_string_free(text, FALSE);
		g_ptr_array_add(w->limits, limit);
	}
}
