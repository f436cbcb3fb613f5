/* What the files that draw a ladder share. */
#ifndef REPORT_SVG_SVG_LADDER_PARTS_H
#define REPORT_SVG_SVG_LADDER_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "report/svg/svg.h"

/* The places of lines and columns. */
enum {
	LADDER_WIDTH = 432,
	LADDER_CLIENT_X = 96,
	LADDER_SERVER_X = 424,
	LADDER_MIDDLE_X = (LADDER_CLIENT_X + LADDER_SERVER_X) / 2, /* of what stands between */
	LADDER_MARGIN_X = 85, /* where times and numbers end */
};

struct ladder_drawing {
	const struct svg_ladder *l;
	GString *out;
	GString *rails; /* the path of a lifeline's pieces, without its x */
	int y;          /* where the next row begins */
	int decimals;   /* of times */
	bool box;       /* something between the ends takes part */
	bool box_known; /* by its address */
	uint8_t box_address[16];
	bool shown_evidence, shown_again, shown_probe, shown_lost, shown_unheard, shown_between; /* for the legend */
};

/* Where the lifeline of an end is. */
static inline int ladder_x(enum hangup_side side)
{
	return side == HANGUP_CLIENT ? LADDER_CLIENT_X : LADDER_SERVER_X;
}

/* Whether the capture was taken at this end. */
static inline bool ladder_is_here(const struct svg_ladder *l, enum hangup_side side)
{
	return l->vantage == (side == HANGUP_CLIENT ? HANGUP_VANTAGE_CLIENT : HANGUP_VANTAGE_SERVER);
}

/* Whether an ICMP error came from the end itself that its packet was meant for. */
bool ladder_error_is_from_end(const struct svg_ladder *l, const struct ladder_row *row);

/* All rows, with what lies between them. */
void ladder_draw_rows(struct ladder_drawing *d);

#endif
