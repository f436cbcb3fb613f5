/* Without trace: waits for the command, and looks now and then which TCP sockets it and its children have. */
#ifndef CLI_RUN_ONLOOKER_H
#define CLI_RUN_ONLOOKER_H

#include "cli/run/watch.h"

/* Until the command has ended. Tells its sockets and those of others; of those that come and go between two looks nothing:
 * what belongs to the command may be missed, what does not is never told to be its own. */
void onlooker_run(const struct watch *watch);

#endif
