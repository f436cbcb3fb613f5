/* The filters that stop the command at the calls of watched_calls.def, and let all others pass at full speed. */
#ifndef CLI_RUN_CALL_FILTER_H
#define CLI_RUN_CALL_FILTER_H

#include <stdbool.h>

#include <glib.h>

#include "cli/run/watched_call.h"

/* A program for the kernel, of struct sock_filter, that stops at the calls of one kind; their place in watched_calls.def comes
 * along. NULL on a machine whose calls are not known here. */
GArray *call_filter_new(enum call_from from);

/* Puts the calling process under it, and all it will ever start. False with errno. */
bool call_filter_enter(GArray *filter);

#endif
