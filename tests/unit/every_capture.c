#include "tests/unit/every_capture.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

static gboolean is_capture(const char *path)
{
	static const char *const suffixes[] = { ".pcap", ".pcapng", ".snoop", ".gz", ".zst", ".lz4" };
	for (size_t i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		if (g_str_has_suffix(path, suffixes[i]))
			return TRUE;
	}
	return FALSE;
}

static void collect(const char *folder, GPtrArray *out_paths)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		char *path = g_build_filename(folder, name, NULL);
		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			collect(path, out_paths);
		if (is_capture(path) && g_file_test(path, G_FILE_TEST_IS_REGULAR))
			g_ptr_array_add(out_paths, path);
		else
			g_free(path);
	}
	g_clear_pointer(&dir, g_dir_close);
}

static gint by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t every_capture(every_capture_fn visit, void *user)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	const char *foreign = g_getenv("HANGUP_FOREIGN_CAPTURES");
	collect(HANGUP_SAMPLES, paths);
	if (foreign)
		collect(foreign, paths);
	else
		printf("(HANGUP_FOREIGN_CAPTURES is not set: only the samples are read) ");
	g_ptr_array_sort(paths, by_name);
	for (guint i = 0; i < paths->len; i++)
		visit(g_ptr_array_index(paths, i), user);
	return paths->len;
}
