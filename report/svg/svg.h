/* Pictures for a page: self-contained <svg> elements, drawn from plain values.
 *
 * Each appends one element with a viewBox and no size of its own: it is as wide as its column, up to a width at which its
 * letters are as large as those of a page. It is drawn with classes only, so the page includes svg_stylesheet() once;
 * colours are custom properties (--svg-...) that follow light, dark and print and that a page may set anew, with `color`
 * and `background` of the page around it where it sets none. Scripts, styles and references to anything outside are never
 * in it. Words that people read are in it as text, with a <title> and a <desc> for those who cannot see it.
 *
 * Coordinates are whole numbers or tenths, made by integer arithmetic: same values, same bytes, whatever the machine and
 * the locale. Every text passes html_escape_append(). */
#ifndef REPORT_SVG_SVG_H
#define REPORT_SVG_SVG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/facts.h"
#include "report/ladder_row.h"

/* For a <style> element: plain CSS, every selector of it begins with .hang-svg or sets a custom property of :root. */
const char *svg_stylesheet(void);

/* --- ladder: the packets of one connection near its end -------------------------------------------------------- */

/* Rows that still fit a printed page; what a ladder is best made with (ladder_new()). */
enum { SVG_LADDER_ROWS = 28 };

struct svg_ladder {
	const char *id;           /* ids in the picture begin with it: letters, digits and "-" */
	const struct ladder_row *rows; /* as ladder_rows() chose them */
	size_t rows_len;
	uint64_t packets;         /* that the connection has in all */
	int64_t start_ns;         /* what times are counted from */
	struct facts_end end[2];  /* by enum hangup_side */
	enum hangup_label label;  /* the verdict's */
	enum hangup_actor actor;
	enum hangup_vantage vantage;
	const char *const *inputs; /* names of several files, by a packet's input; NULL of one */

	/* Packets of the evidence, numbered from 1 as the evidence table next to it numbers its rows; 0 for a row without
	 * a packet. With `href` the marks link to "#" href "1", ... ; with and without it a row that is evidence has the id
	 * ID "-p" PACKET, for links back. */
	const uint64_t *evidence;
	size_t evidence_len;
	const char *href;
};

/* Nothing when there are no rows. */
void svg_ladder_append(GString *out, const struct svg_ladder *l);

/* --- sequence over time: how one end sent, and how it was answered -------------------------------------------- */

struct svg_sequence {
	const char *id;
	const struct ladder_row *rows; /* as ladder_last() gives them */
	size_t rows_len;
	int64_t start_ns;
};

/* Whether it explains anything: an end repeated or probed several times. Else nothing is appended. */
bool svg_sequence_explains(const struct svg_sequence *s);
/* Draws the end that repeated or probed most. */
void svg_sequence_append(GString *out, const struct svg_sequence *s);

/* --- timeline: the whole capture, with every ending that matters on it ----------------------------------------- */

struct svg_ending {
	int64_t time_ns;
	enum hangup_label label;
	const char *href; /* of the connection on the page, after "#"; NULL: no link */
	uint64_t id;      /* the connection's number */
};

struct svg_incident {
	int64_t from_ns, to_ns;
	uint64_t id;
	const char *href; /* after "#"; NULL: no link */
};

struct density;
struct svg_timeline {
	const char *id;
	int64_t first_ns, last_ns;        /* of the capture */
	const struct density *density;    /* connections that were open (report/density.h); NULL: not drawn */
	const struct svg_ending *endings; /* in any order, thousands of them */
	size_t endings_len;
	const struct svg_incident *incidents; /* in order of time */
	size_t incidents_len;
};

/* Two elements: one for wide columns and print, one for a phone; the stylesheet shows one of them. */
void svg_timeline_append(GString *out, const struct svg_timeline *t);

/* --- idle times: what survived them and what did not, around a timer ------------------------------------------- */

struct svg_idle_time {
	int64_t idle_ns;
	bool lost;        /* the connection was cut off after it; else it went on */
	const char *href; /* after "#"; NULL: no link */
	uint64_t id;
};

struct svg_timer {
	int64_t ns;
	const char *name; /* of a device or a setting; anybody's */
};

struct svg_idle {
	const char *id;
	int64_t above_ns, at_most_ns; /* the timer lies between; 0 where not known */
	const struct svg_idle_time *times; /* in any order */
	size_t times_len;
	const struct svg_timer *timers; /* known ones; those beyond the picture are left out */
	size_t timers_len;
};

void svg_idle_append(GString *out, const struct svg_idle *i);

#endif
