/* Our own files say until when they were captured; what others put there may be anything. */
#include "capture/pcapng_writer.h"
#include "capture/source.h"

#include <glib/gstdio.h>

#include "tests/unit/unit.h"

static const int64_t packet_ns = INT64_C(1795752000) * 1000000000;

/* A file with one packet, and statistics of `until`. */
static int64_t until_of(const char *application, int64_t until)
{
	static const uint8_t bytes[60];
	const struct interface interface = {.linktype = 1, .snaplen = 320, .name = "eth0"};
	const struct frame frame = {.time_ns = packet_ns, .bytes = bytes, .bytes_len = sizeof bytes, .wire_len = sizeof bytes};
	g_autoptr(GByteArray) file = g_byte_array_new();
	g_autofree char *path = NULL;
	struct frame out[4];
	int fd = g_file_open_tmp("hangup-until-XXXXXX", &path, NULL);
	struct source *s;
	int64_t found;

	g_close(fd, NULL);
	pcapng_put_section(file, &(struct pcapng_section){.application = application});
	pcapng_put_interface(file, &interface);
	pcapng_put_packet(file, &frame, 0, NULL);
	pcapng_put_statistics(file, 0, until, 1, 0);
	CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
	s = source_open(path, NULL);
	while (source_next_batch(s, out, G_N_ELEMENTS(out), NULL) > 0)
		;
	found = source_until(s);
	source_free(s);
	g_unlink(path);
	return found;
}

static void ours(void)
{
	CU_ASSERT_EQUAL(until_of("hangup 0.1.0", packet_ns + 61000000000), packet_ns + 61000000000);
}

static void others(void)
{
	CU_ASSERT_EQUAL(until_of("Dumpcap", packet_ns + 61000000000), INT64_MIN);
	CU_ASSERT_EQUAL(until_of("hangups", packet_ns + 61000000000), INT64_MIN);
	CU_ASSERT_EQUAL(until_of("hangu", packet_ns + 61000000000), INT64_MIN);
	CU_ASSERT_EQUAL(until_of(NULL, packet_ns + 61000000000), INT64_MIN);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"ours", ours},
		{"others", others},
		CU_TEST_INFO_NULL,
	};

	return unit_main("until when a capture went on", tests);
}
