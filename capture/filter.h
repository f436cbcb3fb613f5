/* A BPF expression in libpcap's language, compiled for every link type it meets. */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include <stdbool.h>

#include <glib.h>

#include "capture/frame.h"

struct filter;

struct filter *filter_new(const char *expression);
void filter_free(struct filter *f);

/* Compiles for one link type, once. FALSE with SOURCE_ERROR_FILTER when libpcap cannot: the sentence
 * holds libpcap's own. */
gboolean filter_compile(struct filter *f, uint16_t linktype, GError **error);

/* Whether the frame matches; compiles when its link type is new. False, with error, when that fails. */
bool filter_match(struct filter *f, const struct frame *frame, GError **error);

#endif
