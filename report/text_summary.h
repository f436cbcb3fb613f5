/* The frame around the endings of a text report: what was read, counts, what was left out, notes. */
#ifndef REPORT_TEXT_SUMMARY_H
#define REPORT_TEXT_SUMMARY_H

#include <glib.h>

#include "report/incidents/incident.h"
#include "report/report.h"

/* What was counted while verdicts came; selected connections only. */
struct text_counts {
	uint64_t told;    /* connections selected */
	uint64_t label[HANGUP_LABEL_COUNT];
	uint64_t severity[HANGUP_SEVERITY_COUNT];
	uint64_t harmless[HANGUP_LABEL_COUNT][HANGUP_CAUSE_COUNT];
	uint64_t failed;  /* not abnormal, but the program was given an error on them */
	uint64_t idle;    /* of them, quiet when the capture ended */
	uint64_t listed;  /* endings shown */
	uint64_t listable; /* endings that would be shown if there were room */
	uint64_t example; /* id of the first one shown, 0 without */
};

/* Counts one connection; `listed`, `listable` and `example` are the caller's. */
void text_counts_add(struct text_counts *counts, const struct hangup_claim *verdict);
/* A connection that was counted is listed though it ended well, or hurt nobody: a call failed on it. */
void text_counts_add_failed(struct text_counts *counts, enum hangup_label label, enum hangup_cause cause, bool harmless);
/* Adds what is in `from` to `into`, and empties it. */
void text_counts_move(struct text_counts *into, struct text_counts *from);

/* What incidents excuse is harmless, whatever each verdict says. Returns how many that are. */
uint64_t text_counts_excuse(struct text_counts *counts, const struct incident_list *incidents);

/* "file: 128 TCP connections in 4 min 12 s, 12 ended badly", and the counts per label. */
void text_summary_append_head(GString *out, const struct text_counts *counts, const struct run_summary *summary,
                              const struct report_options *options);
/* What is not listed, what to ask next, and what the reader must know about the capture. */
void text_summary_append_tail(GString *out, const struct text_counts *counts, const struct run_summary *summary,
                              const struct report_options *options);

/* "128 TCP connections, 12 ended badly". options: NULL of what no command was run for. */
void text_summary_append_standing(GString *out, const struct text_counts *counts, const struct run_summary *summary,
                                  const struct report_options *options);
/* "from 2026-03-01 10:02:13 UTC for 4 min 12 s": whole seconds are enough here. */
void text_summary_append_when(GString *out, const struct run_summary *summary, bool ascii);

/* The input's name as text shows it. */
void text_summary_append_input(GString *out, const struct report_options *options);

/* The default text lists abnormal endings, unless the user selects by label or severity or asks for all. */
bool text_summary_lists(const struct report_options *options, const struct hangup_claim *verdict);

#endif
