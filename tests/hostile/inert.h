/* Whether output can do anything to whoever looks at it. */
#ifndef TESTS_HOSTILE_INERT_H
#define TESTS_HOSTILE_INERT_H

#include <stdbool.h>
#include <stddef.h>

/* Valid UTF-8 whose only controls are line ends and our own colours (ESC [ digits and semicolons m): no other escape,
 * no C1 control, nothing that turns the reading direction round, nothing invisible. */
bool inert_text(const char *text, size_t len);

#endif
