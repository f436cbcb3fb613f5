#include "report/notes.h"

#include "report/counting.h"

struct note {
	uint64_t count;
	const char *one;
	const char *many;
	const char *meaning;
};

static char *note_text(const struct note *note)
{
	GString *text = g_string_new(NULL);

	counting_append(text, note->count, note->one, note->many);
	g_string_append(text, note->meaning);
	return g_string_free(text, FALSE);
}

static void add_counted(GPtrArray *out, const struct run_summary *s)
{
	const struct note notes[] = {
		{s->drops_told_apart ? 0 : s->capture_dropped, "packet was", "packets were",
		 " lost by the capture itself, so some of what looks lost on the network may not be."},
		{s->drops_told_apart ? s->capture_dropped - s->dropped_by_cards : 0, "packet was", "packets were",
		 " lost by the kernel, which had no room for more, so some of what looks lost on the network may not be."},
		{s->dropped_by_cards, "packet was", "packets were",
		 " lost by a network interface before the kernel had them, so some of what looks lost on the network may not be."},
		{s->acked_unseen, "byte was", "bytes were",
		 " acknowledged but never captured: the capture lost packets or saw one of several paths."},
		{s->truncated, "packet was", "packets were",
		 " cut before the end of the TCP header: capture at least 128 bytes of each."},
		{s->incomplete, "datagram was", "datagrams were",
		 " left out, in IP fragments that never were complete: a filter for ports drops all but the first."},
		{s->opaque, "packet was", "packets were", " encrypted or compressed below TCP, so what they carry is not known here."},
		{s->invalid, "packet was", "packets were", " left out, with headers that contradict themselves."},
		{s->undecoded, "packet was", "packets were", " left out, of a link type that hangup does not know."},
		{s->comments, "comment", "comments", " in the capture: hangup explain shows those on a connection's packets."},
		{s->copies, "packet is a copy", "packets are copies",
		 " of others: they were captured twice, and count for nothing but themselves."},
		{s->clock_steps, "packet is", "packets are",
		 " stamped a second or more before the one ahead: the clock was set back, and times across that are not to be "
		 "trusted."},
		{s->odd_times, "packet has", "packets have",
		 " more than a second in the fraction of a second: the file holds nanoseconds and says microseconds, and no "
		 "time in it is to be trusted."},
		{s->out_of_order, "file begins", "files begin",
		 " before one that was given ahead: all were merged by time."},
		{s->evicted, "connection was", "connections were",
		 " judged early to bound memory."},
		{s->hurried, "ended connection was", "ended connections were",
		 " judged at once to bound memory, without a wait for late packets."},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(notes); i++) {
		if (notes[i].count)
			g_ptr_array_add(out, note_text(&notes[i]));
	}
}

GPtrArray *notes_of(const struct run_summary *s, bool several_files)
{
	GPtrArray *notes = g_ptr_array_new_with_free_func(g_free);

	add_counted(notes, s);
	if (s->input_cut)
		g_ptr_array_add(notes, g_strdup(several_files
		                                ? "not every file could be read to its end; all before was judged."
		                                : "the input ends in the middle of a packet; all before it was judged."));
	if (s->interrupted)
		g_ptr_array_add(notes, g_strdup("interrupted; what was read until then was judged."));
	return notes;
}
