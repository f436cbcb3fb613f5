/* Which packets of one connection are kept, decided while they pass: the first and the last ones, and those around its
 * longest pauses. */
#ifndef REPORT_EVIDENCE_PICK_H
#define REPORT_EVIDENCE_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/segment.h"

enum { PICK_PAUSES = 4 };
/* Shorter ones are how people and programs talk. */
#define PICK_PAUSE_NS (INT64_C(1) * 1000000000)

struct pick_packet {
	uint64_t number;
	int64_t time_ns;
};

struct pick {
	size_t head_max, tail_max;
	GArray *head, *tail; /* struct pick_packet; the tail is a ring */
	uint64_t total;
	struct pick_packet previous;
	struct pick_pause {
		int64_t ns;
		struct pick_packet before, after;
	} pauses[PICK_PAUSES]; /* the longest, in no order */
};

/* packets_max of them at both ends together. */
void pick_init(struct pick *p, size_t packets_max);
void pick_clear(struct pick *p);
/* Whether packets were left out. */
bool pick_is_short(const struct pick *p);
void pick_add(struct pick *p, const struct segment *segment);

/* Hands out each number, perhaps more than once, with why where there is more to say than that it is one of them; NULL. */
typedef void (*pick_visit_fn)(uint64_t number, const char *why, void *user);
void pick_visit(const struct pick *p, pick_visit_fn visit, void *user);

#endif
