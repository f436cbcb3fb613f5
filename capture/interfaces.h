/* The interfaces an input was captured on, collected while it is read. */
#ifndef CAPTURE_INTERFACES_H
#define CAPTURE_INTERFACES_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/source.h"

/* A frame's interface is a uint16_t. A file with more interfaces than that is not a capture of anything. */
enum { INTERFACES_MAX = UINT16_MAX };

/* One interface with what it owns; `seen` points into the rest. */
struct interface_record {
	struct interface seen;
	GArray *addresses;     /* struct interface_address */
	uint64_t told_dropped; /* isb_ifdrop + isb_osdrop, UINT64_MAX when no statistics came */
	uint64_t lost_between; /* sum of the drop counts that packets carry */
	bool counts_losses;    /* some packet carried one */
};

struct interfaces {
	GPtrArray *records; /* struct interface_record, owned */
};

void interfaces_init(struct interfaces *all);
void interfaces_clear(struct interfaces *all);

/* A new last interface, owned by the list; NULL when there are INTERFACES_MAX already. */
struct interface_record *interfaces_add(struct interfaces *all, uint16_t linktype, uint32_t snaplen);
size_t interfaces_len(const struct interfaces *all);
struct interface_record *interfaces_get(const struct interfaces *all, size_t index);
/* A sum of losses with those of more interfaces, as far as they are known. */
uint64_t interfaces_add_up(uint64_t sum, const struct interfaces *all);

void interface_record_add_address(struct interface_record *r, const uint8_t address[16]);
/* What the capture's statistics say was lost. Counters are totals, so the last word counts. */
void interface_record_set_told_dropped(struct interface_record *r, uint64_t frames);
/* What one packet says was lost between it and the one before. */
void interface_record_add_lost(struct interface_record *r, uint64_t frames);

#endif
