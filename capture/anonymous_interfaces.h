/* Interfaces as they may be shown when addresses are invented: what people and systems wrote about them is gone. */
#ifndef CAPTURE_ANONYMOUS_INTERFACES_H
#define CAPTURE_ANONYMOUS_INTERFACES_H

#include <stddef.h>

#include "capture/anonymizer.h"
#include "capture/source.h"

struct anonymous_interfaces;

/* The anonymizer is borrowed for good. */
struct anonymous_interfaces *anonymous_interfaces_new(struct anonymizer *anonymizer);
void anonymous_interfaces_free(struct anonymous_interfaces *all);

/* The interface of that index, "interface-1" for 0, with its addresses mapped; valid until it is asked for again. */
const struct interface *anonymous_interfaces_get(struct anonymous_interfaces *all, size_t index,
                                                 const struct interface *real);

#endif
