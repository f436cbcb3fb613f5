/* Runs a fuzz target on files and on the files in folders: the regression corpus and the samples, in builds that have
 * no fuzzer. */
#include <stdio.h>
#include <stdlib.h>

#include <glib.h>

#include "tests/fuzz/fuzz.h"

static unsigned files;

static void replay_file(const char *path)
{
	g_autofree char *bytes = NULL;
	g_autoptr(GError) error = NULL;
	gsize len;

	if (!g_file_get_contents(path, &bytes, &len, &error))
		g_error("%s", error->message);
	uint8_t *exact = fuzz_copy((const uint8_t *)bytes, len); /* without GLib's zero at the end */
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	files++;
}

static void replay(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;

	if (folder == NULL) {
		replay_file(path);
		return;
	}
	while ((name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *inside = g_build_filename(path, name, NULL);

		replay(inside);
	}
}

int main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%u files replayed\n", files);
	return files == 0;
}
