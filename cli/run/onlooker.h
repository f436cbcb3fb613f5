/* Without trace: waits for the command, and looks now and then which TCP sockets it and its children have. */
#ifndef CLI_RUN_ONLOOKER_H
#define CLI_RUN_ONLOOKER_H

#include "cli/run/watch.h"

/* Until the command has ended. Sockets that come and go between two looks are
 * missed: whatever belongs to the command may be said not to, never the other way round. */
void onlooker_run(const struct watch *watch);

#endif
