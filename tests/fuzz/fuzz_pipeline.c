/* A capture of any format through all of hangup. Two runs, one of them on two threads, without header
 * prediction, and with a ladder as `hangup explain` has it, give the same NDJSON byte for byte; every line of it is JSON; text holds nothing a terminal would obey. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/hostile/inert.h"
#include "tests/hostile/ndjson_check.h"
#include "tests/hostile/whole_run.h"

/* More are no other kind of input, only a slower one. */
enum { SIZE_MAX_BYTES = 64 * 1024 };
/* The second run takes far longer than the first one, so only some inputs get one. */
enum { AGAIN_ONE_IN = 16 };

/* A stream that is kept in memory. */
struct kept {
	char *bytes;
	size_t len;
	FILE *file;
};

static void kept_open(struct kept *k)
{
	k->file = open_memstream(&k->bytes, &k->len);
	g_assert(k->file != NULL);
}

static void kept_close(struct kept *k)
{
	fclose(k->file);
}

static void kept_free(struct kept *k)
{
	free(k->bytes);
}

/* Judged whole, and told in every way. */
static struct whole_result run_all(const char *path, struct kept *ndjson, struct kept *text)
{
	struct whole_run run = {.options = {.threads = 1}};
	struct whole_result result;

	kept_open(ndjson);
	kept_open(text);
	run.ndjson = ndjson->file;
	run.text = text->file;
	result = whole_run(&run, path);
	kept_close(ndjson);
	kept_close(text);
	return result;
}

static struct whole_result run_explaining(const char *path, uint64_t id, struct kept *ndjson, struct kept *explanation)
{
	struct whole_run run = {.explained_id = id, .options = {.threads = 2, .never_predict = true}};
	struct whole_result result;

	kept_open(ndjson);
	kept_open(explanation);
	run.ndjson = ndjson->file;
	run.explanation = explanation->file;
	result = whole_run(&run, path);
	kept_close(ndjson);
	kept_close(explanation);
	return result;
}

static void check_same(const struct whole_result *a, const struct whole_result *b)
{
	g_assert(a->opened == b->opened && a->error_code == b->error_code);
	g_assert(memcmp(&a->summary, &b->summary, offsetof(struct run_summary, input_cut)) == 0);
	g_assert(a->summary.input_cut == b->summary.input_cut);
}

/* Once more, and the same again. */
static void check_again(const char *path, uint64_t id, const struct whole_result *first, const struct kept *ndjson)
{
	struct kept again, explanation;
	struct whole_result second = run_explaining(path, id, &again, &explanation);

	check_same(first, &second);
	g_assert(ndjson->len == again.len && memcmp(ndjson->bytes, again.bytes, again.len) == 0);
	g_assert(inert_text(explanation.bytes, explanation.len));
	kept_free(&again);
	kept_free(&explanation);
}

static void check_runs(const char *path, unsigned choice)
{
	struct kept ndjson, text;
	struct whole_result first = run_all(path, &ndjson, &text);

	ndjson_check(ndjson.bytes, ndjson.len, first.summary.connections, first.last_number);
	g_assert(inert_text(text.bytes, text.len));
	if (choice % AGAIN_ONE_IN == 0)
		check_again(path, 1 + choice / AGAIN_ONE_IN % 4, &first, &ndjson);
	kept_free(&ndjson);
	kept_free(&text);
}

/* The last byte, which is some payload's or nobody's, decides. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0 && size <= SIZE_MAX_BYTES)
		check_runs(fuzz_file(data, size), data[size - 1]);
	return 0;
}
