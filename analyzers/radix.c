#include "analyzers/radix.h"

#include <string.h>

#include <glib.h>

enum { DIGIT_BITS = 8, DIGITS = 1 << DIGIT_BITS };

static unsigned digit(uint64_t key, unsigned shift)
{
	return (unsigned)(key >> shift) % DIGITS;
}

/* The bits in which not all are alike. */
static uint64_t differences(const struct radix_item *items, size_t len)
{
	uint64_t different = 0;

	for (size_t i = 1; i < len; i++)
		different |= items[i].key ^ items[0].key;
	return different;
}

/* Where the items of each digit begin. */
static void find_starts(size_t starts[DIGITS], const struct radix_item *items, size_t len, unsigned shift)
{
	size_t sum = 0;

	memset(starts, 0, DIGITS * sizeof *starts);
	for (size_t i = 0; i < len; i++)
		starts[digit(items[i].key, shift)]++;
	for (unsigned d = 0; d < DIGITS; d++) {
		size_t count = starts[d];

		starts[d] = sum;
		sum += count;
	}
}

static void sort_by_digit(struct radix_item *to, const struct radix_item *from, size_t len, unsigned shift)
{
	size_t next[DIGITS];

	find_starts(next, from, len, shift);
	for (size_t i = 0; i < len; i++)
		to[next[digit(from[i].key, shift)]++] = from[i];
}

void radix_sort(struct radix_item *items, size_t len)
{
	uint64_t different = differences(items, len);
	g_autofree struct radix_item *room = different ? g_new(struct radix_item, len) : NULL;
	struct radix_item *from = items, *to = room;

	for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
		struct radix_item *sorted = to;

		if (digit(different, shift) == 0)
			continue;
		sort_by_digit(to, from, len, shift);
		to = from;
		from = sorted;
	}
	if (from != items)
		memcpy(items, from, len * sizeof *items);
}
