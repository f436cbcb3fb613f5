/* What people and programs wrote into the capture about one connection: comments on its packets and on the file, and the
 * names of its ends. Bounded whatever the capture holds. */
#ifndef REPORT_REMARKS_H
#define REPORT_REMARKS_H

#include <glib.h>

#include "report/report.h"

enum { REMARKS_COMMENTS_MAX = 256, REMARKS_TEXT_MAX = 1000 /* bytes */, REMARKS_NAMES_MAX = 4096,
       REMARKS_PACKETS_MAX = 1 << 20 };

struct remarks;

struct remarks *remarks_new(void);
void remarks_free(struct remarks *r);

/* While the capture is read. Number 0, or only an input's bits: a comment on the file. Text is raw and copied. */
void remarks_add_comment(struct remarks *r, uint64_t number, const char *text, size_t text_len);
void remarks_add_name(struct remarks *r, const uint8_t address[16], const char *text, size_t text_len);
/* A packet of the connection, in order; then its ends. */
void remarks_add_packet(struct remarks *r, uint64_t number);
void remarks_set_ends(struct remarks *r, const struct facts_end ends[2]);

/* Appends what there is about the connection, after all was read; nothing when there is nothing. */
void remarks_append(GString *out, const struct remarks *r, const struct report_options *options);

#endif
