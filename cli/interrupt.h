/* Control-C, SIGTERM and SIGHUP ask for what is known so far; a second one ends at once. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

void interrupt_catch(void);
bool interrupt_requested(void);

/* SIGUSR1 asks how things stand. */
void interrupt_catch_question(void);
/* Whether it did since this was last asked. */
bool interrupt_take_question(void);

#endif
