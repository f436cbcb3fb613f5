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

#endif
