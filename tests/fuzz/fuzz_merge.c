/* Several files as one stream.
 *
 *    for each file but the last: its length(2, little-endian)
 *    the files, as far as there are bytes for them */
#include <glib.h>

#include "capture/cursor.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/read_source.h"
#include "tests/hostile/memory_file.h"

enum { FILES = 3 };

static void check_problems(const struct source *source)
{
	const GPtrArray *problems = source_problems(source);

	for (guint i = 0; problems != NULL && i < problems->len; i++)
		g_assert(((const GError *)g_ptr_array_index(problems, i))->domain == SOURCE_ERROR);
}

static void split(struct memory_file *files[FILES], const uint8_t *data, size_t size)
{
	struct cursor rest = cursor_new(data, size, size);
	uint16_t lens[FILES - 1];

	for (int i = 0; i < FILES - 1; i++)
		lens[i] = cursor_u16(&rest, ORDER_LITTLE);
	for (int i = 0; i < FILES; i++) {
		size_t len = i + 1 < FILES ? MIN(lens[i], rest.left) : rest.left;

		memory_file_set(files[i], rest.at, len);
		cursor_skip(&rest, len);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct memory_file *files[FILES];
	const char *paths[FILES];
	g_autoptr(GError) error = NULL;
	struct source *source;

	if (size < 2 * (FILES - 1))
		return 0;
	for (int i = 0; i < FILES; i++) {
		if (files[i] == NULL)
			files[i] = memory_file_new();
		paths[i] = memory_file_path(files[i]);
	}
	split(files, data, size);
	source = source_open_many(paths, FILES, &error);
	g_assert(source != NULL && error == NULL);
	read_source(source);
	check_problems(source);
	source_free(source);
	return 0;
}
