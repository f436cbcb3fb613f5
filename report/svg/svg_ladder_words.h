/* What is written at an arrow. */
#ifndef REPORT_SVG_SVG_LADDER_WORDS_H
#define REPORT_SVG_SVG_LADDER_WORDS_H

#include <glib.h>

#include "report/ladder_row.h"

/* "RST", "1448 bytes", "ACK 701": what a packet is. */
void svg_ladder_name_append(GString *out, const struct ladder_row *row);
/* "seq 700, are you there?": what more there is to say, or nothing. */
void svg_ladder_detail_append(GString *out, const struct ladder_row *row);
/* "R2 after 400 ms", "P3": which repetition or probe it is, or nothing. */
void svg_ladder_repeat_append(GString *out, const struct ladder_row *row);

#endif
