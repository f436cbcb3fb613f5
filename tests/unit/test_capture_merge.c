/* Several captures as one stream: by time, each packet once, with few descriptors, whatever becomes of one of them. */
#include "capture/source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <hangup/packet_number.h>

#include "tests/unit/containers.h"
#include "tests/unit/unit.h"

enum { BATCH = 100, FILES_MAX = 1200, PACKETS_MAX = 20000 };
static const uint32_t BEGIN = 1700000000;

static char *folder;
static char *paths[FILES_MAX];
static size_t paths_len;

/* --- files ------------------------------------------------------------------------------------------------ */

/* A file with packets at these milliseconds; the first byte of each is its number, and its length tells its file. */
static void write_bytes(const struct bytes *b)
{
	char *path = g_strdup_printf("%s/%zu", folder, paths_len);
	CU_ASSERT_TRUE_FATAL(g_file_set_contents_full(path, (const char *)b->array->data, (gssize)b->array->len,
	                                              G_FILE_SET_CONTENTS_NONE, 0600, NULL));
	paths[paths_len++] = path;
}

static void put_file(struct bytes *b, const uint32_t *ms, size_t len)
{
	bytes_init(b, ORDER_LITTLE);
	put_pcap_header(b, PCAP_MICROSECONDS, 0, 1);
	for (size_t i = 0; i < len; i++)
		put_pcap_record(b, BEGIN + ms[i] / 1000, ms[i] % 1000 * 1000, 20 + (uint32_t)paths_len % 40, 60,
		                (uint8_t)(i + 1));
}

static void write_file(const uint32_t *ms, size_t len)
{
	struct bytes b;
	put_file(&b, ms, len);
	write_bytes(&b);
	bytes_clear(&b);
}

static void remove_files(void)
{
	for (; paths_len > 0; paths_len--) {
		g_unlink(paths[paths_len - 1]);
		g_free(paths[paths_len - 1]);
	}
}

/* --- reading -------------------------------------------------------------------------------------------- */

struct seen {
	uint64_t number;
	int64_t time_ns;
};

static struct seen seen[PACKETS_MAX];
static size_t seen_len;

static bool is_what_was_written(const struct frame *f)
{
	return f->bytes_len == 20 + hangup_packet_input(f->number) % 40u &&
	       f->bytes[0] == (uint8_t)hangup_packet_in_file(f->number) &&
	       f->bytes[19] == (uint8_t)(f->bytes[0] + 19);
}

/* Takes the frames of a batch only after all of it was filled: then all of it must be valid. */
static void read_source(struct source *s, size_t batch, GError **error)
{
	static struct frame frames[BATCH];
	size_t n;
	seen_len = 0;
	while ((n = source_next_batch(s, frames, batch, error)) > 0) {
		for (size_t i = 0; i < n && seen_len < PACKETS_MAX; i++) {
			CU_ASSERT_TRUE(is_what_was_written(&frames[i]));
			seen[seen_len++] = (struct seen){ frames[i].number, frames[i].time_ns };
		}
	}
	CU_ASSERT_EQUAL(source_frames(s), seen_len);
}

static struct source *open_all(void)
{
	return source_open_many((const char *const *)paths, paths_len, NULL);
}

static void check_order(void)
{
	for (size_t i = 1; i < seen_len; i++) {
		const struct seen *a = &seen[i - 1], *b = &seen[i];
		CU_ASSERT_TRUE(a->time_ns < b->time_ns || (a->time_ns == b->time_ns && a->number < b->number));
		CU_ASSERT_TRUE(hangup_packet_precedes(a->number, a->time_ns, b->number, b->time_ns));
		CU_ASSERT_FALSE(hangup_packet_precedes(b->number, b->time_ns, a->number, a->time_ns));
	}
}

/* --- tests ------------------------------------------------------------------------------------------------ */

static void test_by_time(void)
{
	write_file((const uint32_t[]){ 5, 10, 10, 30 }, 4);
	write_file((const uint32_t[]){ 1, 10, 20 }, 3);
	write_file((const uint32_t[]){ 40, 50 }, 2);
	static const struct {
		uint16_t input;
		uint64_t number;
	} expected[] = { { 1, 1 }, { 0, 1 }, { 0, 2 }, { 0, 3 }, { 1, 2 }, { 1, 3 }, { 0, 4 }, { 2, 1 }, { 2, 2 } };
	for (size_t batch = 1; batch <= BATCH; batch += 3) {
		struct source *s = open_all();
		read_source(s, batch, NULL);
		CU_ASSERT_EQUAL_FATAL(seen_len, G_N_ELEMENTS(expected));
		for (size_t i = 0; i < seen_len; i++) {
			CU_ASSERT_EQUAL(hangup_packet_input(seen[i].number), expected[i].input);
			CU_ASSERT_EQUAL(hangup_packet_in_file(seen[i].number), expected[i].number);
		}
		CU_ASSERT_EQUAL(source_problems(s)->len, 0);
		CU_ASSERT_EQUAL(source_interfaces(s), 3);
		CU_ASSERT_EQUAL(source_out_of_order(s), 1);
		source_free(s);
	}
	remove_files();
}

static void test_one_file_is_numbered_as_ever(void)
{
	write_file((const uint32_t[]){ 5, 10 }, 2);
	struct source *s = open_all();
	read_source(s, BATCH, NULL);
	CU_ASSERT_EQUAL(seen[1].number, 2);
	CU_ASSERT_STRING_EQUAL(source_format(s), "pcap");
	source_free(s);
	remove_files();
}

static void test_random_files(void)
{
	GRand *random = g_rand_new_with_seed(20240501);
	for (unsigned round = 0; round < 20; round++) {
		size_t written = 0, files = (size_t)g_rand_int_range(random, 2, 60);
		for (size_t f = 0; f < files; f++) {
			uint32_t ms[200], at = (uint32_t)g_rand_int_range(random, 0, 5000);
			size_t len = (size_t)g_rand_int_range(random, 0, 200);
			for (size_t i = 0; i < len; i++)
				ms[i] = at += (uint32_t)g_rand_int_range(random, 0, 4);
			write_file(ms, len);
			written += len;
		}
		struct source *s = open_all();
		read_source(s, (size_t)g_rand_int_range(random, 1, BATCH), NULL);
		CU_ASSERT_EQUAL(seen_len, written);
		check_order();
		source_free(s);
		remove_files();
	}
	g_rand_free(random);
}

/* 1200 files that follow each other, given in the wrong order, with 24 descriptors. */
static void test_many_files_few_descriptors(void)
{
	struct rlimit before, few;
	for (uint32_t i = 0; i < FILES_MAX; i++) {
		uint32_t begin = (FILES_MAX - i) * 1000;
		write_file((const uint32_t[]){ begin, begin + 1, begin + 1001 }, 3);
	}
	CU_ASSERT_EQUAL_FATAL(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = 24;
	CU_ASSERT_EQUAL_FATAL(setrlimit(RLIMIT_NOFILE, &few), 0);
	struct source *s = open_all();
	read_source(s, BATCH, NULL);
	CU_ASSERT_EQUAL(setrlimit(RLIMIT_NOFILE, &before), 0);
	CU_ASSERT_EQUAL(seen_len, 3 * FILES_MAX);
	check_order();
	CU_ASSERT_EQUAL(source_problems(s)->len, 0);
	CU_ASSERT_EQUAL(source_out_of_order(s), FILES_MAX - 1);
	source_free(s);
	remove_files();
}

/* More than can be open at a time: told when it comes to that, after what comes before. */
static void test_too_many_at_once(void)
{
	GError *error = NULL;
	write_file((const uint32_t[]){ 1, 2 }, 2);
	for (uint32_t i = 0; i < 300; i++)
		write_file((const uint32_t[]){ 10 + i, 5000 }, 2);
	struct source *s = open_all();
	read_source(s, BATCH, &error);
	CU_ASSERT_TRUE(g_error_matches(error, SOURCE_ERROR, SOURCE_ERROR_OPEN));
	CU_ASSERT_TRUE(error && strstr(error->message, "mergecap"));
	CU_ASSERT_TRUE(seen_len >= 2 && seen_len < 300);
	g_clear_error(&error);
	source_free(s);
	remove_files();
}

/* Missing, no capture, empty, cut: each is told, and the others are read. */
static void test_problems(void)
{
	struct bytes b;
	write_file((const uint32_t[]){ 1, 5 }, 2);
	paths[paths_len++] = g_build_filename(folder, "missing", NULL);
	bytes_init(&b, ORDER_LITTLE);
	put(&b, "no capture, but a note", 22);
	write_bytes(&b);
	bytes_clear(&b);
	put_file(&b, (const uint32_t[]){ 2, 3 }, 2);
	g_byte_array_set_size(b.array, b.array->len - 1);
	write_bytes(&b);
	bytes_clear(&b);
	bytes_init(&b, ORDER_LITTLE);
	write_bytes(&b);
	bytes_clear(&b);
	write_file((const uint32_t[]){ 4 }, 1);
	static const int codes[] = { SOURCE_ERROR_OPEN, SOURCE_ERROR_FORMAT, SOURCE_ERROR_EMPTY, SOURCE_ERROR_TRUNCATED };
	struct source *s = open_all();
	read_source(s, BATCH, NULL);
	CU_ASSERT_EQUAL(seen_len, 4);
	CU_ASSERT_EQUAL(hangup_packet_input(seen[2].number), 5);
	const GPtrArray *problems = source_problems(s);
	CU_ASSERT_EQUAL_FATAL(problems->len, G_N_ELEMENTS(codes));
	for (guint i = 0; i < problems->len; i++)
		CU_ASSERT_EQUAL(((const GError *)problems->pdata[i])->code, codes[i]);
	source_free(s);
	remove_files();
}

/* A clock that was set back: the file keeps its own order, and every packet comes. */
static void test_clock_set_back(void)
{
	write_file((const uint32_t[]){ 1000, 9000, 3000, 4000 }, 4);
	write_file((const uint32_t[]){ 2000, 3500, 9500 }, 3);
	struct source *s = open_all();
	uint64_t last = 0;
	read_source(s, BATCH, NULL);
	CU_ASSERT_EQUAL(seen_len, 7);
	for (size_t i = 0; i < seen_len; i++) {
		if (hangup_packet_input(seen[i].number) == 0) {
			CU_ASSERT_EQUAL(hangup_packet_in_file(seen[i].number), last + 1);
			last++;
		}
	}
	source_free(s);
	remove_files();
}

/* A pipe among files cannot be opened twice, and is not. */
static void test_standard_input(void)
{
	struct bytes b;
	int ends[2], before = dup(STDIN_FILENO);
	put_file(&b, (const uint32_t[]){ 2, 6 }, 2);
	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	CU_ASSERT_EQUAL(write(ends[1], b.array->data, b.array->len), (ssize_t)b.array->len);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	bytes_clear(&b);
	paths[paths_len++] = g_strdup("-");
	write_file((const uint32_t[]){ 1, 3, 7 }, 3);
	struct source *s = open_all();
	read_source(s, BATCH, NULL);
	CU_ASSERT_EQUAL(seen_len, 5);
	check_order();
	source_free(s);
	dup2(before, STDIN_FILENO);
	close(before);
	remove_files();
}

static void note_comment(uint64_t number, const char *text, size_t text_len, void *user)
{
	uint64_t *out_number = user;
	if (text_len == 6 && memcmp(text, "second", 6) == 0)
		*out_number = number;
}

static void test_comments_name_the_file(void)
{
	struct bytes b;
	uint64_t number = 0;
	write_file((const uint32_t[]){ 1, 3, 7 }, 3);
	bytes_init(&b, ORDER_LITTLE);
	put_section(&b);
	put_interface(&b, 1, 0);
	put_packet(&b, 0, (uint64_t)BEGIN * 1000000, 21, 60, 1);
	size_t packet = begin_packet(&b, 0, (uint64_t)BEGIN * 1000000 + 2000, 21, 60, 2);
	put_option(&b, 1, "second", 6);
	put_end_of_options(&b);
	end_block(&b, packet);
	write_bytes(&b);
	bytes_clear(&b);
	struct source *s = open_all();
	source_on_comment(s, note_comment, &number);
	read_source(s, BATCH, NULL);
	CU_ASSERT_EQUAL(seen_len, 5);
	CU_ASSERT_EQUAL(number, hangup_packet_pack(1, 2));
	source_free(s);
	remove_files();
}

static void test_precedes(void)
{
	const uint64_t a1 = 1, a2 = 2, b1 = hangup_packet_pack(1, 1);
	CU_ASSERT_TRUE(hangup_packet_precedes(a1, 900, a2, 100)); /* the file's order, not its clock's */
	CU_ASSERT_TRUE(hangup_packet_precedes(b1, 100, a2, 200));
	CU_ASSERT_FALSE(hangup_packet_precedes(a2, 200, b1, 100));
	CU_ASSERT_TRUE(hangup_packet_precedes(a2, 100, b1, 100));
	CU_ASSERT_TRUE(hangup_packet_precedes(0, 0, b1, -5)); /* no packet, before all */
	CU_ASSERT_FALSE(hangup_packet_precedes(b1, -5, 0, 0));
	CU_ASSERT_EQUAL(hangup_packet_input(hangup_packet_pack(UINT16_MAX, 7)), UINT16_MAX);
	CU_ASSERT_EQUAL(hangup_packet_in_file(hangup_packet_pack(UINT16_MAX, 7)), 7);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "by time, then in the order of the files", test_by_time },
		{ "one file is numbered as ever", test_one_file_is_numbered_as_ever },
		{ "random files", test_random_files },
		{ "many files, few descriptors", test_many_files_few_descriptors },
		{ "too many at once", test_too_many_at_once },
		{ "problems of some", test_problems },
		{ "a clock set back", test_clock_set_back },
		{ "standard input among them", test_standard_input },
		{ "comments name the file", test_comments_name_the_file },
		{ "which packet came before", test_precedes },
		CU_TEST_INFO_NULL,
	};
	folder = g_dir_make_tmp("hangup-test-XXXXXX", NULL);
	int status = unit_main("capture: merge", tests);
	g_rmdir(folder);
	g_free(folder);
	return status;
}
