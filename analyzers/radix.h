/* Puts many things in the order of a number each. Stable: things of equal numbers stay as they were, so that an order by
 * several numbers is made by sorting by the last of them first. */
#ifndef ANALYZERS_RADIX_H
#define ANALYZERS_RADIX_H

#include <stddef.h>
#include <stdint.h>

struct radix_item {
	uint64_t key;
	uint32_t place; /* of what it stands for */
};

/* Ascending by key. Takes as much memory again, and a pass for each byte in which keys differ. */
void radix_sort(struct radix_item *items, size_t len);

#endif
