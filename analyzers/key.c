#include "analyzers/key.h"

#include <glib.h>

void key_seed_random(struct key_seed *out)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(out->word); i++)
		out->word[i] = (uint64_t)g_random_int() << 32 | g_random_int() | 1;
}
