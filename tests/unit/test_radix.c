/* Many things in the order of a number each: as qsort orders them, and stable. */
#include "analyzers/radix.h"

#include <stdbool.h>
#include <stdlib.h>

#include <glib.h>

#include "tests/unit/unit.h"

enum { MOST = 3000 };

static int compare(const void *a, const void *b)
{
	const struct radix_item *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place; /* places count up: what came first stays first */
}

/* Keys of so many bits, moved up by shift, so that some of their bytes are all alike. */
static void sorts(size_t len, unsigned bits, unsigned shift)
{
	struct radix_item items[MOST], wanted[MOST];
	g_autoptr(GRand) rand = g_rand_new_with_seed((guint32)(len + bits + shift));
	bool same = true;

	for (size_t i = 0; i < len; i++) {
		uint64_t drawn = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);

		items[i] = wanted[i] = (struct radix_item){.key = (drawn >> (64 - bits)) << shift, .place = (uint32_t)i};
	}
	radix_sort(items, len);
	if (len > 0)
		qsort(wanted, len, sizeof *wanted, compare);
	for (size_t i = 0; i < len; i++)
		same = same && items[i].key == wanted[i].key && items[i].place == wanted[i].place;
	CU_ASSERT_TRUE(same);
}

static void of_any_number(void)
{
	for (size_t len = 0; len < 40; len++)
		sorts(len, 16, 0);
	sorts(MOST, 16, 0);
}

static void of_any_width(void)
{
	for (unsigned bits = 1; bits <= 64; bits++)
		sorts(500, bits, 0);
}

static void of_bytes_that_are_alike(void)
{
	for (unsigned shift = 0; shift + 11 <= 64; shift++)
		sorts(500, 11, shift);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"of any number", of_any_number},
		{"of any width, equals in their order", of_any_width},
		{"bytes that are alike are skipped", of_bytes_that_are_alike},
		CU_TEST_INFO_NULL,
	};

	return unit_main("radix", tests);
}
