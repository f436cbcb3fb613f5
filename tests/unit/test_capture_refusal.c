/* What cannot be read as a capture is refused in one sentence that names the file, what it is, and, where
 * something can be done, what to do. */
#include "capture/source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/foreign_format.h"
#include "tests/unit/containers.h"
#include "tests/unit/unit.h"

/* The path is refused with this code, and the sentence holds the path and these words. */
static void check_path(const char *path, int code, const char *words)
{
	GError *error = NULL;
	struct source *s = source_open(path, &error);
	CU_ASSERT_PTR_NULL_FATAL(s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(error);
	CU_ASSERT_EQUAL(error->domain, SOURCE_ERROR);
	CU_ASSERT_EQUAL(error->code, code);
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, path));
	CU_ASSERT_PTR_NOT_NULL(strstr(error->message, words));
	CU_ASSERT_PTR_NULL(strchr(error->message, '\n'));
	g_clear_error(&error);
}

static char *folder;

static char *write_file(const char *name, const void *bytes, size_t len)
{
	char *path = g_build_filename(folder, name, NULL);
	CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, bytes, (gssize)len, NULL));
	return path;
}

static void check_file(const char *name, const void *bytes, size_t len, int code, const char *words)
{
	g_autofree char *path = write_file(name, bytes, len);
	check_path(path, code, words);
	g_unlink(path);
}

static void test_no_file(void)
{
	check_path("/nonexistent/capture.pcap", SOURCE_ERROR_OPEN, "cannot be opened: No such file");
	check_path(folder, SOURCE_ERROR_OPEN, "is a directory");
	check_file("empty.pcap", "", 0, SOURCE_ERROR_EMPTY, "is empty");
}

/* Root may read everything, so it becomes somebody else for a moment. */
static void test_unreadable(void)
{
	g_autofree char *path = write_file("secret.pcap", "x", 1);
	bool was_root = geteuid() == 0;
	CU_ASSERT_EQUAL(g_chmod(path, 0), 0);
	CU_ASSERT_EQUAL(g_chmod(folder, 0755), 0);
	if (was_root)
		CU_ASSERT_EQUAL(seteuid(65534), 0);
	check_path(path, SOURCE_ERROR_OPEN, "cannot be opened: Permission denied");
	if (was_root)
		CU_ASSERT_EQUAL(seteuid(0), 0);
	g_unlink(path);
}

static void test_text(void)
{
	static const char text[] = "12:00:00.000000 IP 192.0.2.1.49152 > 198.51.100.2.80: Flags [S], length 0\n";
	check_file("tcpdump.txt", text, strlen(text), SOURCE_ERROR_FORMAT, "is text, not a capture");
}

static void test_other_formats(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *words;
	} files[] = {
		{ "\x02\x21\x4c\x18\x64", 5, "lz4 -dc" },
		{ "\xfd" "7zXZ\0\0", 7, "xz -dc" },
		{ "BZh91AY", 7, "bzip2 -dc" },
		{ "PK\3\4", 4, "unzip" },
		{ "snoop\0\0\0\0\0\0\2\0\0\0\1", 16, "datalink type 1" },
		{ "GMBU\1\3", 6, "Network Monitor 2" },
		{ "\xcb\xc3\xb2\xa1", 4, "packet filter" },
		{ "\xcd\x34\xb2\xa1", 4, "undocumented dialect" },
		{ "\0\0\0\0\0\0\0\0", 8, "is not a pcap or pcapng capture" },
		{ "\x0a\x0d\x0d\x0a\x1c\0\0\0????????????????????", 28, "is not a pcap or pcapng capture" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		check_file("other.cap", files[i].bytes, files[i].len, SOURCE_ERROR_FORMAT, files[i].words);
	check_file("trace.ETL", "\0\1\2\3", 4, SOURCE_ERROR_FORMAT, "etl2pcapng");
}

static void test_the_command_can_be_pasted(void)
{
	g_autofree char *path = g_build_filename(folder, "two words; $x.xz", NULL);
	g_autofree char *words = g_strdup_printf("xz -dc '%s'", path);
	check_file("two words; $x.xz", "\xfd" "7zXZ\0", 6, SOURCE_ERROR_FORMAT, words);
}

/* What a build without a library says of the files that it cannot unpack. */
static void test_built_without(void)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *library;
		const char *command;
	} files[] = {
		{ "\x1f\x8b\x08\x00", 4, "without zlib", "gzip -dc 'a.pcap' | hangup read -" },
		{ "\x28\xb5\x2f\xfd\x04", 5, "without libzstd", "zstd -dc 'a.pcap' | hangup read -" },
		{ "\x04\x22\x4d\x18\x64", 5, "without liblz4", "lz4 -dc 'a.pcap' | hangup read -" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *said = foreign_format_describe("a.pcap", (const uint8_t *)files[i].bytes, files[i].len);
		CU_ASSERT_PTR_NOT_NULL(strstr(said, files[i].library));
		CU_ASSERT_PTR_NOT_NULL(strstr(said, files[i].command));
	}
}

static void test_other_versions(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 0, 1);
	set_u32(&b, 4, 1); /* version 1.0 */
	check_file("old.pcap", b.array->data, b.array->len, SOURCE_ERROR_FORMAT, "version 1.0");
	set_u32(&b, 4, 5 << 16 | 2); /* version 2.5 */
	check_file("new.pcap", b.array->data, b.array->len, SOURCE_ERROR_FORMAT, "version 2.5");
	bytes_clear(&b);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "no file, a directory, an empty file", test_no_file },
		{ "an unreadable file", test_unreadable },
		{ "text", test_text },
		{ "other formats", test_other_formats },
		{ "the command can be pasted", test_the_command_can_be_pasted },
		{ "built without a library", test_built_without },
		{ "other versions of pcap", test_other_versions },
		CU_TEST_INFO_NULL,
	};
	folder = g_dir_make_tmp("hangup-test-XXXXXX", NULL);
	int status = unit_main("capture: refusal", tests);
	g_rmdir(folder);
	g_free(folder);
	return status;
}
