/* An axis of UTC: clock times where a clock has them, and the date said once. */
#ifndef REPORT_SVG_SVG_TIME_AXIS_H
#define REPORT_SVG_SVG_TIME_AXIS_H

#include <glib.h>

#include "report/svg/svg_scale.h"

/* Lines from top to bottom at every tick, labels below. scale is of ns since 1970. Takes 34 pixels below `bottom`. */
enum { SVG_TIME_AXIS_HEIGHT = 34 };
void svg_time_axis(GString *out, const struct svg_scale *scale, int top, int bottom, int ticks_most);

/* "10:02:13.123", with the digits that multiples of step need; a date where a step is a day. */
void svg_append_clock(GString *out, int64_t time_ns, int64_t step_ns);

#endif
