/* Writes a claim's text: expands the templates of hangup/rule.h with a case's addresses and numbers. */
#ifndef RULES_HOST_TEXT_H
#define RULES_HOST_TEXT_H

#include <glib.h>

#include "rules/host/case.h"

/* Appends the expanded text to out. The result holds no byte from packets but addresses and numbers. */
void text_expand(GString *out, const struct case_text *text, const struct facts *facts);

/* "1.2 ms", "350 s", "2 h 11 min": three digits at most, for people. */
void text_append_duration(GString *out, int64_t ns);
/* A quiet time that was lived through: the same, but not rounded up to a whole second that it did not reach. Timers are
 * whole seconds, and one of 60 s must not seem to have been survived after 59.97 s. */
void text_append_lived(GString *out, int64_t ns);
/* "812 bytes", "14.2 kB" (1000). */
void text_append_bytes(GString *out, int64_t bytes);
/* "192.0.2.1:443", "[2001:db8::1]:443". */
void text_append_end(GString *out, const struct facts_end *end);
void text_append_address(GString *out, const uint8_t address[16]);

#endif
