/* Classic pcap files (draft-ietf-opsawg-pcap), and the dialects of them that exist.
 *
 *    file header, 24 bytes                           record header, 16 bytes
 *    magic            4   byte order and dialect     seconds          4   since 1970, UTC
 *    version     2 + 2    2.4 by nearly everybody    fraction         4   micro- or nanoseconds
 *    reserved    4 + 4                               captured length  4   bytes that follow
 *    snap length      4                              original length  4   bytes on the wire
 *    link type        4   see read_linktype()
 *
 * Each magic is a row of the dialect table: how long its record header is and what its fraction counts.
 * Before version 2.3 the two lengths stood the other way round, and some writers of 2.3 had not noticed
 * the change. All of this is read the way libpcap reads it, so that both see the same frames.
 *
 * The loop over records is the hottest code of the file side: it looks at one record header in the buffer,
 * fills one struct, and goes on. It never copies and never allocates. */
#include "capture/file_format.h"

#include "capture/cursor.h"
#include "capture/linktype.h"

enum { FILE_HEADER_BYTES = 24, RECORD_HEADER_BYTES = 16, KUZNETZOV_HEADER_BYTES = 24 };

struct dialect {
	uint32_t magic;
	uint32_t header_bytes; /* of a record */
	uint32_t tick_ns;      /* what the fraction counts */
};

static const struct dialect dialects[] = {
	{ 0xa1b2c3d4, RECORD_HEADER_BYTES, 1000 },    /* everybody */
	{ 0xa1b23c4d, RECORD_HEADER_BYTES, 1 },       /* nanoseconds */
	{ 0xa1b2cd34, KUZNETZOV_HEADER_BYTES, 1000 }, /* Kuznetzov's patch: interface, protocol, type follow */
	{ 0xa12b3c4d, RECORD_HEADER_BYTES, 1 },       /* Navtel: nanoseconds */
};

/* In which order a record gives its two lengths. */
enum length_order { CAPTURED_FIRST, ORIGINAL_FIRST, LENGTHS_UNSURE };

struct pcap_file {
	struct file_context *context;
	const struct dialect *dialect;
	enum byte_order order;
	enum length_order lengths;
	uint32_t snaplen; /* frames are cut to this, whatever a record says */
	uint32_t max_len; /* a record that claims more than this is damage */
	uint16_t linktype;
	uint8_t fcs_len;
	uint64_t frames;
};

/* One record header as numbers. */
struct record {
	uint32_t seconds;
	uint32_t fraction;
	uint32_t captured;
	uint32_t original;
};

static const struct dialect *find_dialect(const uint8_t *start, enum byte_order *out_order)
{
	for (size_t i = 0; i < G_N_ELEMENTS(dialects); i++) {
		for (int order = ORDER_LITTLE; order <= ORDER_BIG; order++) {
			if (load_u32(start, (enum byte_order)order) == dialects[i].magic) {
				*out_order = (enum byte_order)order;
				return &dialects[i];
			}
		}
	}
	return NULL;
}

static bool pcap_file_matches(const uint8_t *start, size_t len)
{
	enum byte_order order;
	return len >= 4 && find_dialect(start, &order) != NULL;
}

/* The link type field, from the top: 4 bits length of the frame check sequence in 16-bit units, 1 reserved,
 * 1 "that length is valid", 10 reserved, 16 bits link type. */
static void read_linktype(struct pcap_file *f, uint32_t field)
{
	f->linktype = (uint16_t)(field & 0xffff);
	if (field & 0x04000000)
		f->fcs_len = (uint8_t)(2 * (field >> 28));
}

/* Versions 2.0 to 2.4, and 543.0 of a tcpdump for DG/UX. */
static bool read_version(struct pcap_file *f, uint16_t major, uint16_t minor)
{
	if (major == 543 && minor == 0) {
		f->lengths = ORIGINAL_FIRST;
		return true;
	}
	f->lengths = minor < 3 ? ORIGINAL_FIRST : minor == 3 ? LENGTHS_UNSURE : CAPTURED_FIRST;
	return major == 2 && minor <= 4;
}

static gboolean read_header(struct pcap_file *f, const uint8_t *bytes, GError **error)
{
	struct cursor c = cursor_new(bytes, FILE_HEADER_BYTES, FILE_HEADER_BYTES);
	f->dialect = find_dialect(bytes, &f->order);
	cursor_skip(&c, 4);
	uint16_t major = cursor_u16(&c, f->order);
	uint16_t minor = cursor_u16(&c, f->order);
	cursor_skip(&c, 8); /* time zone and accuracy: always 0 */
	uint32_t snaplen = cursor_u32(&c, f->order);
	read_linktype(f, cursor_u32(&c, f->order));
	if (!read_version(f, major, minor)) {
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_FORMAT,
		            "%s: is a pcap file of version %u.%u; versions 2.0 to 2.4 can be read",
		            f->context->input->name, major, minor);
		return FALSE;
	}
	f->max_len = linktype_max_len(f->linktype);
	f->snaplen = linktype_snaplen(f->linktype, snaplen);
	if (f->dialect->header_bytes == KUZNETZOV_HEADER_BYTES && f->linktype == LINKTYPE_ETHERNET)
		f->snaplen += 14; /* cooked captures got a made-up Ethernet header on top of the snap length */
	interfaces_add(f->context->interfaces, f->linktype, snaplen);
	return TRUE;
}

static void pcap_file_free(void *reader)
{
	g_free(reader);
}

static void *pcap_file_open(struct file_context *context, GError **error)
{
	if (!input_fill_file_header(context->input, FILE_HEADER_BYTES, error))
		return NULL;
	struct pcap_file *f = g_new0(struct pcap_file, 1);
	f->context = context;
	if (!read_header(f, input_bytes(context->input), error)) {
		pcap_file_free(f);
		return NULL;
	}
	input_advance(context->input, FILE_HEADER_BYTES);
	return f;
}

static inline struct record load_record(const uint8_t *p, enum byte_order order, enum length_order lengths)
{
	struct record r = {
		.seconds = load_u32(p, order),
		.fraction = load_u32(p + 4, order),
		.captured = load_u32(p + 8, order),
		.original = load_u32(p + 12, order),
	};
	if (lengths == ORIGINAL_FIRST || (lengths == LENGTHS_UNSURE && r.captured > r.original)) {
		uint32_t swap = r.captured;
		r.captured = r.original;
		r.original = swap;
	}
	return r;
}

/* What all frames of a file have in common, where the compiler knows that no frame is written over it. */
struct common {
	uint64_t frames;
	int64_t tick_ns;
	uint32_t snaplen;
	uint16_t linktype;
	uint8_t fcs_len;
	uint64_t odd_times;
};

static inline void fill_frame(struct common *f, const struct record *r, const uint8_t *bytes, struct frame *out)
{
	const int64_t fraction_ns = r->fraction * f->tick_ns;
	out->number = ++f->frames;
	out->time_ns = (int64_t)r->seconds * 1000000000 + fraction_ns;
	out->bytes = bytes;
	out->bytes_len = MIN(r->captured, f->snaplen);
	out->wire_len = MAX(out->bytes_len, r->original);
	out->linktype = f->linktype;
	out->interface = 0;
	out->direction = FRAME_DIRECTION_UNKNOWN;
	out->fcs_len = f->fcs_len;
	f->odd_times += fraction_ns >= 1000000000;
}

/* The frames that are complete in the buffer. Stops early at a record that is not, and then says in *need
 * how many bytes it takes; or at one that claims too much, and then says 0. The last three arguments are the file's, and
 * constants where it is called. */
static inline size_t read_records(struct pcap_file *f, struct frame *out_frames, size_t max, size_t *need,
                                  enum byte_order order, enum length_order lengths, const size_t header)
{
	struct input *in = f->context->input;
	const uint8_t *at = input_bytes(in);
	const size_t len = input_len(in);
	const uint32_t max_len = f->max_len;
	struct common common = { .frames = f->frames, .tick_ns = f->dialect->tick_ns, .snaplen = f->snaplen,
	                         .linktype = f->linktype, .fcs_len = f->fcs_len };
	size_t used = 0, n = 0, takes;
	for (takes = header; n < max && len - used >= header; takes = header) {
		struct record r = load_record(at + used, order, lengths);
		takes = r.captured > max_len ? 0 : header + r.captured;
		if (takes == 0 || len - used < takes)
			break;
		fill_frame(&common, &r, at + used + header, &out_frames[n++]);
		used += takes;
	}
	*need = takes;
	f->frames = common.frames;
	f->context->odd_times += common.odd_times;
	input_advance(in, used);
	return n;
}

/* Nearly all files are of one kind. */
static size_t read_buffered(struct pcap_file *f, struct frame *out_frames, size_t max, size_t *need)
{
	const size_t header = f->dialect->header_bytes;
	if (f->order == ORDER_LITTLE && f->lengths == CAPTURED_FIRST && header == RECORD_HEADER_BYTES)
		return read_records(f, out_frames, max, need, ORDER_LITTLE, CAPTURED_FIRST, RECORD_HEADER_BYTES);
	return read_records(f, out_frames, max, need, f->order, f->lengths, header);
}

/* The record at the front of the buffer has a length that cannot be. */
static void set_corrupt(const struct pcap_file *f, GError **error)
{
	const struct input *in = f->context->input;
	struct record r = load_record(input_bytes(in), f->order, f->lengths);
	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CORRUPT,
	            "%s: is damaged after packet %" G_GUINT64_FORMAT " (byte %" G_GUINT64_FORMAT
	            "): the next record claims %u captured bytes, where at most %u are possible",
	            in->name, f->frames, in->taken, r.captured, f->max_len);
}

static void set_truncated(const struct pcap_file *f, size_t need, GError **error)
{
	const struct input *in = f->context->input;
	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_TRUNCATED,
	            "%s: ends in the middle of a packet, after packet %" G_GUINT64_FORMAT
	            " (byte %" G_GUINT64_FORMAT "): %zu of %zu bytes of the next record are there",
	            in->name, f->frames, in->taken, input_len(in), need);
}

static size_t pcap_file_next(void *reader, struct frame *out_frames, size_t max, GError **error)
{
	struct pcap_file *f = reader;
	for (;;) {
		size_t need;
		size_t n = read_buffered(f, out_frames, max, &need);
		if (n > 0)
			return n;
		if (need == 0) {
			set_corrupt(f, error);
			return 0;
		}
		GError *read_error = NULL;
		if (!input_fill(f->context->input, need, &read_error)) {
			if (read_error)
				g_propagate_error(error, read_error);
			else if (input_len(f->context->input) > 0)
				set_truncated(f, need, error);
			return 0;
		}
	}
}

const struct file_format pcap_file_format = {
	.name = "pcap",
	.matches = pcap_file_matches,
	.open = pcap_file_open,
	.next = pcap_file_next,
	.free = pcap_file_free,
};
