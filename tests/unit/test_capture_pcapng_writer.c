/* What is written is read again: by our own reader, by libpcap, and by tshark where it is installed. */
#include "capture/pcapng_writer.h"

#include <string.h>

#include <glib/gstdio.h>
#include <pcap/pcap.h>

#include "capture/linktype.h"
#include "capture/timescale.h"
#include "tests/unit/bytes.h"
#include "tests/unit/unit.h"

enum { MAX_FRAMES = 8 };

/* 2026-11-27T03:59:00.123456789Z */
static const int64_t TIME_NS = INT64_C(1795751940123456789);

static const struct interface_address addresses[] = {
	{ { [10] = 0xff, [11] = 0xff, 192, 0, 2, 1 } },
	{ { 0x20, 0x01, 0x0d, 0xb8, [15] = 5 } },
};

static const struct interface eth0 = {
	.linktype = LINKTYPE_ETHERNET,
	.snaplen = 256,
	.name = "eth0",
	.description = "uplink",
	.filter = "tcp port 80",
	.os = "Linux 6.1",
	.addresses = addresses,
	.addresses_len = 2,
};

/* ARP, who has 192.0.2.2? Tell 192.0.2.1: a packet that any dissector knows without help. */
static const uint8_t arp[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0, 0, 0, 0, 1, 0x08, 0x06,
	0, 1, 0x08, 0, 6, 4, 0, 1, 0x02, 0, 0, 0, 0, 1, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 192, 0, 2, 2,
};

static struct frame frame_of(int64_t time_ns, uint32_t bytes_len)
{
	return (struct frame){ .time_ns = time_ns, .bytes = arp, .bytes_len = bytes_len, .wire_len = 1500 };
}

/* A file in the making, in the order of calls that the header asks for. */
static GByteArray *begin_file(void)
{
	static const char *const comments[] = { "ticket 4711", "part two", NULL };
	const struct pcapng_section section = {
		.hardware = "a machine", .os = "a system", .application = "hangup", .comments = comments,
	};
	GByteArray *out = g_byte_array_new();
	pcapng_put_section(out, &section);
	return out;
}

static struct source *open_again(GByteArray *file)
{
	struct bytes b = { .array = file, .order = ORDER_LITTLE };
	g_autoptr(GError) error = NULL;
	struct source *s = bytes_open(&b, &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	return s;
}

static size_t read_frames(struct source *s, struct frame frames[MAX_FRAMES])
{
	g_autoptr(GError) error = NULL;
	size_t n = source_next_batch(s, frames, MAX_FRAMES, &error);
	CU_ASSERT_PTR_NULL(error);
	return n;
}

static void test_interface(void)
{
	g_autoptr(GByteArray) file = begin_file();
	pcapng_put_interface(file, &eth0);
	struct source *s = open_again(file);
	const struct interface *i = source_interface(s, 0);
	CU_ASSERT_EQUAL(i->linktype, LINKTYPE_ETHERNET);
	CU_ASSERT_EQUAL(i->snaplen, 256);
	CU_ASSERT_STRING_EQUAL(i->name, "eth0");
	CU_ASSERT_STRING_EQUAL(i->description, "uplink");
	CU_ASSERT_STRING_EQUAL(i->filter, "tcp port 80");
	CU_ASSERT_STRING_EQUAL(i->os, "Linux 6.1");
	CU_ASSERT_EQUAL_FATAL(i->addresses_len, 2);
	CU_ASSERT_EQUAL(memcmp(i->addresses, addresses, sizeof(addresses)), 0);
	CU_ASSERT_EQUAL(i->dropped, UINT64_MAX);
	source_free(s);
}

static void test_packets(void)
{
	struct frame frames[MAX_FRAMES], out = frame_of(TIME_NS, 42), in = frame_of(TIME_NS + 1, 41);
	g_autoptr(GByteArray) file = begin_file();
	const struct interface raw = { .linktype = LINKTYPE_RAW };
	out.direction = FRAME_OUTBOUND;
	in.direction = FRAME_INBOUND;
	in.fcs_len = 4;
	pcapng_put_interface(file, &eth0);
	pcapng_put_interface(file, &raw);
	pcapng_put_packet(file, &out, 1, NULL);
	pcapng_put_packet(file, &in, 0, NULL);
	struct source *s = open_again(file);
	CU_ASSERT_EQUAL_FATAL(read_frames(s, frames), 2);
	CU_ASSERT_EQUAL(frames[0].time_ns, TIME_NS);
	CU_ASSERT_EQUAL(frames[0].linktype, LINKTYPE_RAW);
	CU_ASSERT_EQUAL(frames[0].direction, FRAME_OUTBOUND);
	CU_ASSERT_EQUAL(frames[0].bytes_len, 42);
	CU_ASSERT_EQUAL(frames[0].wire_len, 1500);
	CU_ASSERT_EQUAL(memcmp(frames[0].bytes, arp, 42), 0);
	CU_ASSERT_EQUAL(frames[1].time_ns, TIME_NS + 1);
	CU_ASSERT_EQUAL(frames[1].interface, 0);
	CU_ASSERT_EQUAL(frames[1].direction, FRAME_INBOUND);
	CU_ASSERT_EQUAL(frames[1].bytes_len, 41);
	CU_ASSERT_EQUAL(frames[1].fcs_len, 4);
	source_free(s);
}

static void test_times_at_the_edges(void)
{
	struct frame frames[MAX_FRAMES], early = frame_of(-1, 42), late = frame_of(TIMESCALE_MOST_NS, 42);
	g_autoptr(GByteArray) file = begin_file();
	pcapng_put_interface(file, &eth0);
	pcapng_put_packet(file, &early, 0, NULL);
	pcapng_put_packet(file, &late, 0, NULL);
	struct source *s = open_again(file);
	CU_ASSERT_EQUAL_FATAL(read_frames(s, frames), 2);
	CU_ASSERT_EQUAL(frames[0].time_ns, 0);
	CU_ASSERT_EQUAL(frames[1].time_ns, TIMESCALE_MOST_NS);
	source_free(s);
}

static void test_statistics(void)
{
	g_autoptr(GByteArray) file = begin_file();
	struct frame frames[MAX_FRAMES], one = frame_of(TIME_NS, 42);
	pcapng_put_interface(file, &eth0);
	pcapng_put_interface(file, &eth0);
	pcapng_put_packet(file, &one, 0, NULL);
	pcapng_put_statistics(file, 0, TIME_NS, 1000, 7);
	pcapng_put_statistics(file, 1, TIME_NS, 2000, UINT64_MAX);
	struct source *s = open_again(file);
	CU_ASSERT_EQUAL(read_frames(s, frames), 1);
	CU_ASSERT_EQUAL(read_frames(s, frames), 0);
	CU_ASSERT_EQUAL(source_interface(s, 0)->received, 1000);
	CU_ASSERT_EQUAL(source_interface(s, 0)->dropped, 7);
	CU_ASSERT_EQUAL(source_interface(s, 1)->received, 2000);
	CU_ASSERT_EQUAL(source_interface(s, 1)->dropped, UINT64_MAX);
	source_free(s);
}

/* --- comments ----------------------------------------------------------------------------------------- */
static void remember_comment(uint64_t frame_number, const char *text, size_t text_len, void *user)
{
	g_string_append_printf(user, "%u:", (unsigned)frame_number);
	g_string_append_len(user, text, (gssize)text_len);
	g_string_append_c(user, ';');
}

/* What our reader finds on one packet with these comments, and on the file. */
static GString *comments_again(const char *const *comments)
{
	GString *seen = g_string_new(NULL);
	struct frame frames[MAX_FRAMES], one = frame_of(TIME_NS, 42);
	g_autoptr(GByteArray) file = begin_file();
	pcapng_put_interface(file, &eth0);
	pcapng_put_packet(file, &one, 0, comments);
	pcapng_put_packet(file, &one, 0, NULL);
	struct source *s = open_again(file);
	source_on_comment(s, remember_comment, seen);
	CU_ASSERT_EQUAL(read_frames(s, frames), 2);
	CU_ASSERT_EQUAL(frames[0].bytes_len, 42);
	source_free(s);
	return seen;
}

static void test_comments(void)
{
	static const char *const comments[] = { "first", "", "second: \xc3\xa4", NULL };
	GString *seen = comments_again(comments);
	CU_ASSERT_NOT_EQUAL(strstr(seen->str, "0:ticket 4711;"), NULL);
	CU_ASSERT_TRUE(g_str_has_suffix(seen->str, "1:first;1:second: \xc3\xa4;"));
	g_string_free(seen, TRUE);
}

static void test_text_that_is_not_utf8(void)
{
	static const char *const comments[] = { "a\xff" "b\xc3", NULL };
	GString *seen = comments_again(comments);
	CU_ASSERT_TRUE(g_str_has_suffix(seen->str, "1:a\xef\xbf\xbd" "b\xef\xbf\xbd;"));
	g_string_free(seen, TRUE);
}

/* The length of what is left of so many letters and then two-byte characters. */
static size_t kept_of(size_t letters, size_t characters)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (size_t i = 0; i < letters; i++)
		g_string_append_c(text, 'x');
	for (size_t i = 0; i < characters; i++)
		g_string_append(text, "\xc3\xa4");
	const char *const comments[] = { text->str, NULL };
	g_autoptr(GString) seen = comments_again(comments);
	const char *begin = strstr(seen->str, "1:");
	CU_ASSERT_PTR_NOT_NULL_FATAL(begin);
	CU_ASSERT_TRUE(g_utf8_validate(begin, -1, NULL));
	CU_ASSERT_PTR_NULL(strstr(begin, "\xef\xbf\xbd"));
	return strlen(begin) - strlen("1:;");
}

static void test_long_text_is_cut_between_characters(void)
{
	CU_ASSERT_EQUAL(kept_of(65535, 0), 65535);
	CU_ASSERT_EQUAL(kept_of(65536, 0), 65535);
	CU_ASSERT_EQUAL(kept_of(65533, 1), 65535);
	CU_ASSERT_EQUAL(kept_of(65534, 1), 65534);
	CU_ASSERT_EQUAL(kept_of(1, 50000), 65535);
	CU_ASSERT_EQUAL(kept_of(0, 50000), 65534);
}

/* Whole comments, as many as fit: what a reader refuses is worth nothing. */
static void test_too_many_comments(void)
{
	g_autofree char *text = g_strnfill(60000, 'x');
	const char *const comments[] = { text, "small", text, "not reached", NULL };
	GString *seen = comments_again(comments);
	CU_ASSERT_TRUE(g_str_has_suffix(seen->str, "1:small;"));
	g_string_free(seen, TRUE);
}

/* --- by others ---------------------------------------------------------------------------------------- */
/* One packet with comments, one without, and the counts: a file on disk, whose name the caller frees. */
static char *write_file(void)
{
	static const char *const comments[] = { "why: \xc3\xa4", "again", NULL };
	g_autoptr(GByteArray) file = begin_file();
	struct frame first = frame_of(TIME_NS, 42), second = frame_of(TIME_NS + 1, 42);
	char *path = NULL;
	first.direction = FRAME_OUTBOUND;
	pcapng_put_interface(file, &eth0);
	pcapng_put_packet(file, &first, 0, comments);
	pcapng_put_packet(file, &second, 0, NULL);
	pcapng_put_statistics(file, 0, TIME_NS + 2, 1000, 7);
	int fd = g_file_open_tmp("hangup-test-XXXXXX", &path, NULL);
	g_assert(fd >= 0);
	g_close(fd, NULL);
	g_assert(g_file_set_contents(path, (const char *)file->data, (gssize)file->len, NULL));
	return path;
}

static void test_libpcap(void)
{
	char message[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *bytes;
	g_autofree char *path = write_file();
	pcap_t *p = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(p);
	CU_ASSERT_EQUAL(pcap_datalink(p), DLT_EN10MB);
	CU_ASSERT_EQUAL(pcap_snapshot(p), 256);
	CU_ASSERT_EQUAL_FATAL(pcap_next_ex(p, &h, &bytes), 1);
	CU_ASSERT_EQUAL(h->ts.tv_sec, TIME_NS / 1000000000);
	CU_ASSERT_EQUAL(h->ts.tv_usec, 123456789);
	CU_ASSERT_EQUAL(h->caplen, 42);
	CU_ASSERT_EQUAL(h->len, 1500);
	CU_ASSERT_EQUAL(memcmp(bytes, arp, 42), 0);
	CU_ASSERT_EQUAL(pcap_next_ex(p, &h, &bytes), 1);
	CU_ASSERT_EQUAL(pcap_next_ex(p, &h, &bytes), PCAP_ERROR_BREAK);
	pcap_close(p);
	g_unlink(path);
}

/* What a command says on standard output; NULL when it is not installed. */
static char *said_by(const char *const *command)
{
	char *said = NULL;
	int status;
	g_autofree char *program = g_find_program_in_path(command[0]);
	if (!program)
		return NULL;
	CU_ASSERT_TRUE_FATAL(g_spawn_sync(NULL, (char **)(uintptr_t)command, NULL,
	                                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &said, NULL,
	                                  &status, NULL));
	CU_ASSERT_TRUE(g_spawn_check_wait_status(status, NULL));
	return said;
}

static void test_tshark(void)
{
	g_autofree char *path = write_file();
	const char *const command[] = {
		"tshark", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.interface_name", "-e",
		"frame.cap_len", "-e", "frame.packet_flags_direction", "-e", "arp.dst.proto_ipv4", "-e", "frame.comment", NULL,
	};
	g_autofree char *said = said_by(command);
	g_unlink(path);
	if (!said) {
		printf("(no tshark) ");
		return;
	}
	CU_ASSERT_STRING_EQUAL(said, "1795751940.123456789\teth0\t42\t0x00000002\t192.0.2.2\twhy: \xc3\xa4,again\n"
	                             "1795751940.123456790\teth0\t42\t\t192.0.2.2\t\n");
}

static void test_capinfos(void)
{
	g_autofree char *path = write_file();
	const char *const command[] = { "capinfos", path, NULL };
	static const char *const wanted[] = {
		"Capture hardware:    a machine", "Capture oper-sys:    a system", "Capture application: hangup",
		"Capture comment:     ticket 4711", "Capture comment:     part two", "Name = eth0", "Description = uplink",
		"Operating system = Linux 6.1", "Filter string = tcp port 80", "Time precision = nanoseconds (9)",
		"Capture length = 256", "Number of stat entries = 1",
	};
	g_autofree char *said = said_by(command);
	g_unlink(path);
	for (size_t i = 0; said && i < G_N_ELEMENTS(wanted); i++) {
		if (!strstr(said, wanted[i]))
			printf("\nnot found: %s\n%s", wanted[i], said);
		CU_ASSERT_PTR_NOT_NULL(strstr(said, wanted[i]));
	}
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "an interface", test_interface },
		{ "packets", test_packets },
		{ "times at the edges", test_times_at_the_edges },
		{ "statistics", test_statistics },
		{ "comments", test_comments },
		{ "text that is not UTF-8", test_text_that_is_not_utf8 },
		{ "long text is cut between characters", test_long_text_is_cut_between_characters },
		{ "too many comments", test_too_many_comments },
		{ "libpcap reads it", test_libpcap },
		{ "tshark reads it", test_tshark },
		{ "capinfos reads it", test_capinfos },
		CU_TEST_INFO_NULL,
	};
	return unit_main("capture: pcapng written", tests);
}
