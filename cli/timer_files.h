/* Idle timers that the user knows of, beside the shipped ones: the option, and the file in the configuration folder. */
#ifndef CLI_TIMER_FILES_H
#define CLI_TIMER_FILES_H

#include <stdbool.h>

#include "cli/command.h"

extern const struct option_section timers_section; /* --idle-timers */

/* Adds them all (report/idle_timers.h). Says what is wrong with a file, and returns false. */
bool timer_files_add(void);

#endif
