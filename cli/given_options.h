/* The options of this run that bear on what it tells, as a reader could give them again. */
#ifndef CLI_GIVEN_OPTIONS_H
#define CLI_GIVEN_OPTIONS_H

#include <glib.h>

#include "cli/command.h"

/* Keeps the words of a command line for given_options(); before anything takes them apart. */
void given_options_keep(char **argv);

/* Of char *: "--filter='port 443'", in the order given; free with g_ptr_array_unref(). Left out: where results go, how many
 * threads work, colour. */
GPtrArray *given_options(const struct command *command);

#endif
