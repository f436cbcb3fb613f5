/* What is known of where the output goes, and the options about it. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

#include "cli/command.h"

extern const struct option_section terminal_section; /* --color, --ascii, --quiet */

/* The result goes to another descriptor than standard output: the terminal that is asked about below. */
void terminal_result_is(int fd);

/* Colour where the result goes: as --color says, else on a terminal unless NO_COLOR (no-color.org) is set. */
bool terminal_colour(void);
/* Whether text must keep to ASCII: asked for, or a terminal whose locale is not UTF-8. What goes into a file or a
 * pipe does not depend on the locale. */
bool terminal_ascii(void);
/* Columns there, 80 when it is no terminal. */
unsigned terminal_width(void);
/* Whether somebody watches standard error and wants to see progress there. shared: the result goes to standard output
 * meanwhile, which must then be elsewhere. */
bool terminal_wants_progress(bool shared);
/* Columns of standard error. */
unsigned terminal_progress_width(void);

#endif
