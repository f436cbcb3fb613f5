/* Where verdicts go: one sink an output format. A sink selects, formats and writes; it keeps bounded memory
 * whatever the number of connections. Writing errors (a closed pipe, a full disk) are kept and returned at
 * the end.
 *
 * Verdicts may come from several threads, each by a lane of its own, in rounds: between two rounds, while no lane is
 * busy, one thread takes a turn. What is written depends on which verdicts came in which round, not on the lanes they
 * came by nor on their order within the round; so rounds must not depend on the number of threads. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <glib.h>

#include "analyzers/run_summary.h"
#include "report/calls.h"
#include "rules/host/case.h"

/* Which connections to tell of. Zeroed: all of them. */
struct report_selection {
	uint32_t labels;      /* set of 1u << HANGUP_LABEL_..., 0 = all */
	uint32_t severities;  /* set of 1u << HANGUP_SEVERITY_..., 0 = all */
	int64_t from_ns;      /* connections that end before, or begin after, are left out; 0 = no bound */
	int64_t to_ns;
	uint16_t port;        /* of either end, 0 = any */
	bool has_host;        /* of either end: address with prefix length in bits of the 16-byte form */
	uint8_t host[16];
	unsigned host_prefix;
	const struct calls *owner; /* only connections that are sockets of that program; NULL: anybody's. The caller's */
};
bool report_selected(const struct report_selection *selection, const struct hangup_case *c);

/* Longer lines are hard to read; two ends at their longest and a label just fit. */
enum { REPORT_WIDTH_MAX = 124 };

struct field;
struct error_asked;
struct report_options {
	struct report_selection selection;
	const char *input_name; /* as the user gave it; "N files" of several */
	const char *input_again; /* the same as words of a command, quoted for a shell; NULL when it cannot be read again */
	const char *const *inputs; /* of several, the name of each, by a packet's input, then NULL; NULL of one. The
	                              caller's until report_finish() returned, as is input_again */
	size_t inputs_common;    /* bytes that all of these begin with: the folder that they are in */
	bool every_connection;  /* text: list every connection, not only the abnormal endings */
	bool colour;
	bool ascii;             /* nothing beyond ASCII in text: a terminal that is not UTF-8, a fussy ticket tool */
	unsigned width;         /* columns, at least 40; text uses at most REPORT_WIDTH_MAX of them */
	const struct field *const *columns; /* of columns: which (report/column.h), NULL-terminated; stays until the end */
	bool live;              /* ndjson: lines come by report_tell(), and are written at once */
	bool header;            /* columns: their names first */
	struct calls *calls;    /* what the program's own side saw, told beside it; NULL when nobody looked. The caller's */
	const struct error_asked *asked; /* an error (report/candidate.h): only what can have produced it, the likeliest
	                                    first; NULL when none is asked for */
	const double *incident_thresholds; /* in force (report/incidents/incident_rule.h); NULL: as shipped */
	bool incidents;         /* have them found for report_conclude(), whether or not the format tells of them */
	int64_t first_ns;       /* time of the first packet: text tells times of that day without their date */
};

/* What a live capture tells of a connection before its verdict is final. */
struct report_told {
	unsigned update; /* 0: the first word; else how often it was corrected, this time included */
	bool final;      /* nothing that comes can correct it any more */
	bool more;       /* others follow at once: it need not be written before them */
	const char *saved; /* name of the file that its packets are saved in; NULL in none. Borrowed for the call */
};

struct report_sink;

/* Writes to out, which the caller keeps open until report_finish() returned. */
struct report_sink *report_text_new(FILE *out, const struct report_options *options);
struct report_sink *report_ndjson_new(FILE *out, const struct report_options *options);
/* A live capture's endings as they happen, and no summary; by report_tell() only. */
struct report_sink *report_live_text_new(FILE *out, const struct report_options *options);
struct report_sink *report_columns_new(FILE *out, const struct report_options *options);
/* options->columns NULL: all. */
struct report_sink *report_csv_new(FILE *out, const struct report_options *options);
struct report_sink *report_ecs_new(FILE *out, const struct report_options *options);
/* Text about an error that is asked for. */
struct report_sink *report_candidates_new(FILE *out, const struct report_options *options);

enum { REPORT_LANES_MAX = 16 };

/* Takes one verdict; whatever is kept of it is copied. Calls with different lanes (0 to REPORT_LANES_MAX - 1) may run
 * at the same time; a lane is used by one thread at a time. */
void report_verdict(struct report_sink *sink, unsigned lane, const struct hangup_case *c);
/* Live, on one thread: tells of a connection now, first or again, and writes it, into a file as well: somebody may follow
 * that. */
void report_tell(struct report_sink *sink, const struct hangup_case *c, const struct report_told *told);
/* Whether something could not be written; report_finish() will say what. Nothing more is. */
bool report_failed(const struct report_sink *sink);
/* Takes together what the lanes have, and writes what can be written. Not while any report_verdict() runs. What lanes
 * have grows until then, so take one every few hundred verdicts. */
void report_turn(struct report_sink *sink);
/* After the last verdict, when somebody has to know before report_finish(): takes a last turn. What ended together
 * (report/incidents/incident.h), good until report_finish(); NULL when it was not asked for, nor is told of. */
struct incident_list;
const struct incident_list *report_conclude(struct report_sink *sink);
/* Takes a last turn and writes what is still to be written, with the summary; frees the sink. FALSE and error if
 * writing failed. */
gboolean report_finish(struct report_sink *sink, const struct run_summary *summary, GError **error);

#endif
