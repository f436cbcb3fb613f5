/* The packets that matter, as a capture of their own: a pcapng file that says in its comments what was judged and why, so
 * that whoever opens it in Wireshark sees the verdict and what it rests on.
 *
 * Three readings of the same input make it, each in one stream:
 *
 *     evidence_verdict()   judges, as for any output: which connections, and the packets that the verdicts name
 *     evidence_segment()   again, now that those are known: which of their packets, and who else speaks of their hosts
 *     evidence_frame()     the file
 *
 * Of a connection with at most packets_max packets all are kept. Of a longer one: the first and the last of them, those
 * that are evidence, those on both sides of its longest pauses. Beside it: what other connections show of its server
 * after its last sign of life, and what the local network says of its hosts. Of each packet the headers are kept; behind
 * them only what a verdict may rest on: a TLS alert, the reason in a reset. Memory is bounded by the options. */
#ifndef REPORT_EVIDENCE_H
#define REPORT_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "capture/anonymizer.h"
#include "capture/segment.h"
#include "capture/source.h"
#include "report/incidents/incident.h"
#include "report/report.h"

enum { EVIDENCE_CONNECTIONS_DEFAULT = 200, EVIDENCE_PACKETS_DEFAULT = 1000 };
enum { EVIDENCE_CONNECTIONS_MOST = 10000, EVIDENCE_PACKETS_LEAST = 16, EVIDENCE_PACKETS_MOST = 65536 };

struct evidence_options {
	const struct report_options *report; /* selection and names of inputs; borrowed for good */
	const char *application;             /* "hangup 1.0"; as above */
	unsigned connections_max;            /* the most certain ones; 0 = default */
	unsigned packets_max;                /* of one connection; 0 = default */
	bool payload;                        /* keep packets whole; not with an anonymizer */
	struct anonymizer *anonymizer;       /* or NULL: that with which the verdicts were made. Frames are made anew then, so
	                                        that nothing is in the file that was not mapped; borrowed for good */
};

struct evidence;

struct evidence *evidence_new(const struct evidence_options *options);
void evidence_free(struct evidence *e);

/* Takes what is selected and abnormal; or, when the selection names labels or severities, what is selected. Lanes as
 * with report_verdict(). */
void evidence_verdict(struct evidence *e, unsigned lane, const struct hangup_case *c);
/* After the first reading, with the incidents in it: what they excuse is shown only where the selection names labels or
 * severities. NULL: none are known. Returns how many connections there are to show. */
unsigned evidence_choose(struct evidence *e, const struct incident_list *incidents);
/* A segment in the second reading, with the connection that it belongs to (0: none). */
void evidence_segment(struct evidence *e, const struct segment *segment, uint64_t id);
/* After the second reading: puts the head of the file at the end of out. */
void evidence_begin(struct evidence *e, GByteArray *out);
/* A frame in the third one: puts it at the end of out, if it is to be kept. */
void evidence_frame(struct evidence *e, const struct source *source, const struct frame *frame, GByteArray *out);
/* After it: puts what is known of losses. */
void evidence_end(struct evidence *e, const struct source *source, GByteArray *out);
/* Connections that had more packets than that, and lost their middle: what is judged again of them looks as if the capture
 * had lost packets. After the second reading. */
unsigned evidence_shortened(const struct evidence *e);
/* Packets put so far. */
uint64_t evidence_packets(const struct evidence *e);

#endif
