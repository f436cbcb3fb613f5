#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include <glib.h>

#include "tests/hostile/memory_file.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	g_log_set_always_fatal(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
	/* The tables of a run are asked for in large pages, and most stay empty: zeroing them would be most of a run. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	return 0;
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
	static struct memory_file *file;

	if (file == NULL)
		file = memory_file_new();
	memory_file_set(file, data, size);
	return memory_file_path(file);
}

uint8_t *fuzz_copy(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size); /* GLib's would give NULL for nothing */

	g_assert(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}
