/* snoop files (RFC 1761), as Solaris and illumos write them: all big-endian.
 *
 *    file header, 16 bytes                           record header, 24 bytes
 *    "snoop\0\0\0"    8                              original length    4   bytes on the wire
 *    version          4   2                          included length    4   bytes that were captured
 *    datalink type    4   of RFC 1761, 0 and 4       record length      4   header, bytes and padding
 *                         are Ethernet               cumulative drops   4   lost since the capture began
 *                                                    seconds, micro-    4 + 4   since 1970, UTC
 *                                                    seconds */
#include "capture/file_format.h"

#include <string.h>

#include "capture/cursor.h"
#include "capture/linktype.h"

enum { FILE_HEADER_BYTES = 16, RECORD_HEADER_BYTES = 24, PADDING_MAX = 4096, VERSION = 2 };
enum { DATALINK_8023 = 0, DATALINK_ETHERNET = 4 };

static const char IDENTIFICATION[8] = "snoop\0\0";

struct snoop_file {
	struct file_context *context;
	struct interface_record *interface;
	uint64_t frames;
};

struct record {
	uint32_t original;
	uint32_t included;
	uint32_t size; /* in the file */
	uint32_t drops;
	uint32_t seconds;
	uint32_t microseconds;
};

static bool snoop_file_matches(const uint8_t *start, size_t len)
{
	return len >= sizeof(IDENTIFICATION) && memcmp(start, IDENTIFICATION, sizeof(IDENTIFICATION)) == 0;
}

static gboolean read_header(struct snoop_file *f, GError **error)
{
	const uint8_t *bytes = input_bytes(f->context->input);
	uint32_t version = load_u32be(bytes + 8), datalink = load_u32be(bytes + 12);
	if (version != VERSION || (datalink != DATALINK_8023 && datalink != DATALINK_ETHERNET)) {
		g_autofree char *file = g_shell_quote(f->context->input->name);
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_FORMAT,
		            "%s: is a snoop capture of version %u, datalink type %u; version 2 of Ethernet can be read; "
		            "if Wireshark can open it, convert it: editcap -F pcapng %s converted.pcapng",
		            f->context->input->name, version, datalink, file);
		return FALSE;
	}
	f->interface = interfaces_add(f->context->interfaces, LINKTYPE_ETHERNET, 0);
	input_advance(f->context->input, FILE_HEADER_BYTES);
	return TRUE;
}

static void snoop_file_free(void *reader)
{
	g_free(reader);
}

static void *snoop_file_open(struct file_context *context, GError **error)
{
	if (!input_fill_file_header(context->input, FILE_HEADER_BYTES, error))
		return NULL;
	struct snoop_file *f = g_new0(struct snoop_file, 1);
	f->context = context;
	if (read_header(f, error))
		return f;
	snoop_file_free(f);
	return NULL;
}

static struct record load_record(const uint8_t *p)
{
	return (struct record){ load_u32be(p),      load_u32be(p + 4),  load_u32be(p + 8),
		                load_u32be(p + 12), load_u32be(p + 16), load_u32be(p + 20) };
}

static bool is_possible(const struct record *r)
{
	const uint32_t most = linktype_max_len(LINKTYPE_ETHERNET);
	return r->included <= most && r->size >= RECORD_HEADER_BYTES + r->included &&
	       r->size - RECORD_HEADER_BYTES - r->included <= PADDING_MAX;
}

static void fill_frame(struct snoop_file *f, const struct record *r, const uint8_t *bytes, struct frame *out)
{
	*out = (struct frame){
		.number = ++f->frames,
		.time_ns = (int64_t)r->seconds * 1000000000 + (int64_t)r->microseconds * 1000,
		.bytes = bytes,
		.bytes_len = r->included,
		.wire_len = MAX(r->included, r->original),
		.linktype = LINKTYPE_ETHERNET,
	};
	f->context->odd_times += r->microseconds >= 1000000;
	if (r->drops > 0)
		interface_record_set_told_dropped(f->interface, r->drops);
}

/* As in pcap_file.c: *need is what the record at the front takes, 0 when it cannot be. */
static size_t read_buffered(struct snoop_file *f, struct frame *out_frames, size_t max, size_t *need)
{
	struct input *in = f->context->input;
	size_t n = 0;
	for (*need = RECORD_HEADER_BYTES; n < max && input_len(in) >= *need; *need = RECORD_HEADER_BYTES) {
		const uint8_t *at = input_bytes(in);
		struct record r = load_record(at);
		*need = is_possible(&r) ? r.size : 0;
		if (*need == 0 || input_len(in) < *need)
			break;
		fill_frame(f, &r, at + RECORD_HEADER_BYTES, &out_frames[n++]);
		input_advance(in, r.size);
	}
	return n;
}

static void set_end(const struct snoop_file *f, size_t need, GError **error)
{
	const struct input *in = f->context->input;
	if (need == 0)
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CORRUPT,
		            "%s: is damaged after packet %" G_GUINT64_FORMAT " (byte %" G_GUINT64_FORMAT
		            "): the lengths of the next record cannot be", in->name, f->frames, in->taken);
	else if (input_len(in) > 0)
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_TRUNCATED,
		            "%s: ends in the middle of a packet, after packet %" G_GUINT64_FORMAT
		            " (byte %" G_GUINT64_FORMAT "): %zu of %zu bytes of the next record are there",
		            in->name, f->frames, in->taken, input_len(in), need);
}

static size_t snoop_file_next(void *reader, struct frame *out_frames, size_t max, GError **error)
{
	struct snoop_file *f = reader;
	for (;;) {
		GError *read_error = NULL;
		size_t need;
		size_t n = read_buffered(f, out_frames, max, &need);
		if (n > 0)
			return n;
		if (need > 0 && input_fill(f->context->input, need, &read_error))
			continue;
		if (read_error)
			g_propagate_error(error, read_error);
		else
			set_end(f, need, error);
		return 0;
	}
}

const struct file_format snoop_file_format = {
	.name = "snoop",
	.matches = snoop_file_matches,
	.open = snoop_file_open,
	.next = snoop_file_next,
	.free = snoop_file_free,
};
