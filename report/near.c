#include "report/near.h"

#include <string.h>

#include <glib.h>

/* Letters to change, add or leave out on the way from a to b (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAR_LENGTH_MAX + 1];
	const size_t len = strlen(b);

	g_assert(len <= NEAR_LENGTH_MAX);
	for (size_t k = 0; k <= len; k++)
		row[k] = k;
	for (size_t i = 1; *a; a++, i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t k = 1; k <= len; k++) {
			const size_t above = row[k], changed = diagonal + (*a != b[k - 1]);

			row[k] = MIN(changed, MIN(above, row[k - 1]) + 1);
			diagonal = above;
		}
	}
	return row[len];
}

bool near_to(const char *word, const char *name)
{
	if (!*word || strlen(word) > NEAR_LENGTH_MAX || strlen(name) > NEAR_LENGTH_MAX)
		return false;
	return strstr(name, word) || distance(word, name) <= (strlen(name) + 1) / 3;
}
