/* A file of any format, read to its end. */
#include <glib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/read_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	struct source *source = source_open(fuzz_file(data, size), &error);

	if (source == NULL) {
		g_assert(error != NULL && error->domain == SOURCE_ERROR);
		return 0;
	}
	read_source(source);
	source_free(source);
	return 0;
}
