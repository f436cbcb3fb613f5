/* Lines that wait for those before them, found by id: a ring with a slot for each id from the one that is due to the
 * newest, and the text in large blocks, so that a line costs no allocation of its own. */
#ifndef REPORT_WAITING_H
#define REPORT_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct waiting;

struct waiting *waiting_new(void);
void waiting_free(struct waiting *w);

/* The id that is due: all before it were taken or given up. The first is 1. */
uint64_t waiting_due(const struct waiting *w);

/* Lends the line of an id that is not before the due one (a line without bytes is one too). The bytes must stay until
 * the line was taken, or until waiting_keep(). */
void waiting_lend(struct waiting *w, uint64_t id, const char *bytes, size_t len);
/* Makes it, and so all behind it, wait although it is due: until waiting_hold_no_more(), which is for good. */
void waiting_hold(struct waiting *w, uint64_t id);
void waiting_hold_no_more(struct waiting *w);
/* Copies what was lent under this id. */
void waiting_keep(struct waiting *w, uint64_t id);

/* Takes the line that is due, if it is here and not held; its bytes are good until the next waiting_keep(). */
bool waiting_take(struct waiting *w, const char **out_bytes, size_t *out_len);
/* Gives up the ids before the first line that is here, so that it is due. There must be one. */
void waiting_give_up(struct waiting *w);

/* Bytes that wait, with their slots: depends only on what was lent and taken. 0 when nothing waits. */
size_t waiting_bytes(const struct waiting *w);
/* Bytes that all blocks take: for tests. */
size_t waiting_blocks(const struct waiting *w);

#endif
