/* The short way of the tracker against the general one: predicted FILE...
 * Every file is judged with header prediction and without (analyzers/predicted.c), and both once more with so few
 * connections allowed that some are evicted. The verdicts must be the same, byte for byte. Exit status 1 when they are not. */
#include <stdlib.h>
#include <string.h>

#include "tests/hostile/whole_run.h"

struct told {
	char *bytes;
	size_t len;
};

enum { FEW_CONNECTIONS = 20 };

static struct told tell(const char *path, uint64_t most, bool never_predict)
{
	struct told told = {0};
	FILE *out = open_memstream(&told.bytes, &told.len);
	const struct whole_run run = {
		.ndjson = out, .options = {.threads = 1, .max_connections = most, .never_predict = never_predict},
	};

	g_assert(out != NULL);
	whole_run(&run, path);
	fclose(out);
	return told;
}

static bool is_same(const char *path, uint64_t most)
{
	struct told predicted = tell(path, most, false), general = tell(path, most, true);
	bool same = predicted.len == general.len && memcmp(predicted.bytes, general.bytes, predicted.len) == 0;

	if (!same)
		fprintf(stderr, "%s: the two ways tell different things\n", path);
	free(predicted.bytes);
	free(general.bytes);
	return same;
}

int main(int argc, char **argv)
{
	bool same = argc > 1;

	for (int i = 1; i < argc; i++)
		same &= is_same(argv[i], 0) & is_same(argv[i], FEW_CONNECTIONS);
	printf("%d files\n", argc - 1);
	return same ? EXIT_SUCCESS : EXIT_FAILURE;
}
