/* A write-up: what a run over one or more captures came to, told whole, as plain values and texts. It is made once
 * (report/writeup/writing.h), and HTML, Markdown and whatever comes are renderers that read it and nothing else.
 *
 * Texts are words in UTF-8 and no markup. Some hold what a packet, a file name or a timer file says, so a renderer
 * passes every text through the escape function of its format, which makes markup inert and characters that are not
 * plain (report/escape.h) visible. Everything is owned by the write-up, unless said otherwise. */
#ifndef REPORT_WRITEUP_WRITEUP_H
#define REPORT_WRITEUP_WRITEUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/run_summary.h"
#include "report/density.h"
#include "report/incidents/incident.h"
#include "report/ladder_row.h"
#include "report/text_summary.h"
#include "report/told_span.h"
#include "rules/host/case.h"

enum {
	WRITEUP_DETAILS = 200,          /* connections told whole, unless told otherwise */
	WRITEUP_DETAILS_MAX = 2000,     /* and at most: each keeps 50 kB of its packets while they are read */
	WRITEUP_ENDINGS_MAX = 20000,    /* connections in the table: what a browser still filters at once */
	WRITEUP_INTERFACES_SHOWN = 64,  /* of which a file may have as many as it likes */
};

/* --- one connection told whole ---------------------------------------------------------------------------- */

/* A packet of 0 stands for none: the statement rests on no single packet. */
struct account_evidence {
	struct hangup_packet packet;
	enum hangup_level level;
	char *text;
};

struct account_end {
	char *address;  /* "192.0.2.1:443" */
	const char *system; /* "Linux"; NULL when not known */
	int64_t hops;   /* routers away; -1 when not known */
	int64_t packets, bytes, repeated; /* sent by it: packets, payload, packets that were sent again */
	/* What its program most likely saw; expected, never observed. */
	const char *experience; /* completes "the program ..."; empty when this capture cannot tell */
	GPtrArray *errors;  /* of char *: a line a system, the likeliest first; empty when it saw no error */
	char *elsewhere;    /* were it another system than its own; NULL when there is nothing to say */
};

struct account_alternative {
	enum hangup_label label;
	enum hangup_cause cause;
	double confidence;
	const char *meaning;
	char *why_not; /* why it lost; NULL when nothing in particular speaks against it */
};

/* A piece of a next step: words, or a command to copy. */
struct account_words {
	char *text;
	bool command;
};

struct account {
	struct account_end end[2]; /* by enum hangup_side */
	bool client_known;         /* else which end is the client is a guess */
	struct hangup_packet first, last;
	enum hangup_vantage vantage;
	enum hangup_vantage_by vantage_by;
	bool capture_loss;         /* packets of it were lost by the capture */
	GArray *evidence;     /* of struct account_evidence, in order of packet */
	GPtrArray *doubts;    /* of char *: what speaks against the verdict */
	GArray *alternatives; /* of struct account_alternative, the likeliest first */
	GPtrArray *steps;     /* of GArray of struct account_words: what to do next, the cheapest first */
	char *filter;         /* it in Wireshark */
	GArray *packets;      /* some of its packets, in order (of struct ladder_row); report/ladder.h says which */
	uint64_t packets_all; /* how many it has in all */
	int64_t packets_from_ns; /* what their times are counted from */
	GArray *trail;        /* more of its last packets (of struct ladder_row), for a picture of sequence numbers over
	                         time; NULL where that explains nothing */
};

/* --- every abnormal ending ----------------------------------------------------------------------------------- */

struct writeup_ending {
	uint64_t id;
	struct facts_end end[2];     /* by enum hangup_side */
	uint8_t ip_version;
	bool began;                  /* it came to a connection; else it was an attempt only */
	int64_t begin_ns, end_ns;    /* first and last packet */
	int64_t time_ns;             /* of the last packet that the verdict rests on: when it ended */
	enum hangup_label label;
	enum hangup_cause cause;
	enum hangup_actor actor;
	enum hangup_severity severity;
	double confidence;
	char *sentence;              /* without hedging: confidence is told beside it */
	double score;                /* of an error that is asked for: how well it fits, 0 to 1; else 0 */
	struct told_span told;       /* when its program was told */
	int64_t away_ns;             /* from the time asked for to then */
	char *fits;                  /* the same in words; NULL when none is asked for */
	uint64_t incident;           /* id of the incident it is part of, 0 when in none */
	struct account *account;     /* NULL when it is told by its row only */
};

/* --- what it was made from --------------------------------------------------------------------------------- */

struct writeup_file {
	char *name;      /* as given, or as anonymised */
	const char *brief; /* the same without the folder that all files are in */
	bool measured;   /* bytes and sha256 are known */
	uint64_t bytes;
	char sha256[65]; /* hexadecimal */
};

/* As the file describes it; texts are NULL when it does not. */
struct writeup_interface {
	char *name, *description, *os, *filter;
	uint32_t snaplen;            /* bytes of each packet, 0 no limit */
	uint64_t received, dropped;  /* packets; UINT64_MAX when not told */
};

/* What the capture cannot tell about one subject. */
struct writeup_limit {
	const char *name; /* "Lost packets" */
	char *text;       /* some sentences */
};

struct writeup {
	char *title;    /* as given, else made from the input */
	char *headline; /* the first sentence: what happened, for people who read no further */
	char *standing; /* the second: how many connections there were, how many ended badly, and when */
	char *asked;    /* the error that is asked for, as it was given; NULL when none is */
	bool has_asked_time;     /* and when it was logged: */
	int64_t asked_ns, skew_ns; /* skew: by which clocks may differ */
	char *input;    /* "capture.pcap", "3 files" */
	char *again;    /* the same as words of a command; NULL when it cannot be read again */

	struct text_counts counts;   /* of the selected connections */
	struct run_summary summary;
	struct density density;      /* of the same */
	struct incidents *collected;   /* owns the next */
	const struct incident_list *incidents; /* report/incidents/incident.h: what ended together */

	GPtrArray *endings;    /* of struct writeup_ending: those that are abnormal (or selected by label or severity), in
	                          order of incident, then of time; at most WRITEUP_ENDINGS_MAX */
	GHashTable *by_id;     /* the same, by id */
	uint64_t endings_left; /* more of them, for which there was no room */
	uint64_t accounts;     /* how many have an account */

	/* Method and limits. */
	uint64_t vantages[HANGUP_VANTAGE_COUNT][HANGUP_VANTAGE_BY_COUNT]; /* connections, by where they were captured */
	GPtrArray *files;      /* of struct writeup_file, by a packet's input */
	GPtrArray *interfaces; /* of struct writeup_interface */
	GPtrArray *limits;     /* of struct writeup_limit */
	GPtrArray *options;    /* of char *: those that bear on what is told, as words of the command line */
	GPtrArray *thresholds; /* of char *: "rule.key = 3 s (default 5)", those that are not as shipped */
	char *version;         /* "0.1.0" */
	bool no_mermaid;       /* Markdown for what draws no Mermaid: no sequence diagrams */
};

struct writeup *writeup_new(void);
void writeup_free(struct writeup *w);
void writeup_ending_free(struct writeup_ending *e);

/* The ending with this id; NULL when it is not among the endings. */
const struct writeup_ending *writeup_find(const struct writeup *w, uint64_t id);
static inline const struct writeup_ending *writeup_ending_at(const struct writeup *w, guint i)
{
	return w->endings->pdata[i];
}
/* Names of several files, by a packet's input, then NULL; free with g_free(). NULL of one. */
const char **writeup_inputs(const struct writeup *w);
/* "12", or with several files "b.pcap:12". */
void writeup_append_packet(GString *out, const struct writeup *w, uint64_t number);

void account_free(struct account *a);
/* The place of a packet in the evidence, from 1: the last one that it stands at. 0 when it is none. */
guint account_evidence_of(const struct account *a, uint64_t number);

#endif
