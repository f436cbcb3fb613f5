/* pcapng files (draft-ietf-opsawg-pcapng): a sequence of blocks, in sections that each have their own byte
 * order and their own numbering of interfaces.
 *
 * Only what a verdict may rest on is read: packets of all three kinds, interfaces, statistics, and of a
 * packet's options its comments, direction and drop count. Everything else is skipped by its length and
 * never kept; that includes the secrets of a decryption secrets block.
 *
 * Nearly every block is an enhanced packet without options, so the loop tries that first, and the general
 * way gives the same result. Frames point into the buffer; nothing is allocated per packet. */
#include "capture/file_format.h"

#include "capture/cursor.h"
#include "capture/linktype.h"
#include "capture/pcapng_block.h"
#include "capture/pcapng_interface.h"

/* Blocks longer than this are damage (libpcap's limit), unless an interface may have longer packets. */
static const size_t BLOCK_MAX_BYTES = 16u << 20;
static const size_t OPTIONS_MAX_BYTES = 128u << 10;

enum { EPB_FIXED = 20, DROPS_UNKNOWN = 0xffff };

/* What a block turned out to be. */
enum block_result {
	BLOCK_FRAME,   /* a packet, as *out */
	BLOCK_NOTHING, /* nothing to hand out */
	BLOCK_BAD,     /* damage; the reader's problem says what */
};

struct pcapng_file {
	struct file_context *context;
	enum byte_order order;
	size_t max_block;
	GArray *interfaces;  /* struct pcapng_interface, of this section */
	uint64_t frames;     /* numbers given so far */
	int64_t time_ns;     /* of the last frame */
	const char *problem; /* why the last block was bad */
};

/* A packet block taken apart, before it becomes a frame. */
struct packet_block {
	uint32_t interface; /* within the section */
	uint64_t ticks;
	uint32_t captured;
	uint32_t original;
	uint64_t drops;
	bool has_drops;
	bool has_time;
};

static enum block_result bad(struct pcapng_file *f, const char *problem)
{
	f->problem = problem;
	return BLOCK_BAD;
}

static bool pcapng_file_matches(const uint8_t *start, size_t len)
{
	struct pcapng_block b;
	enum byte_order order = ORDER_LITTLE;
	return len >= PCAPNG_SECTION_PEEK && load_u32le(start) == PCAPNG_SECTION_HEADER &&
	       pcapng_block_peek(&b, start, len, &order, BLOCK_MAX_BYTES) != PEEK_NO_MAGIC;
}

/* --- blocks that are not packets ---------------------------------------------------------------------- */
static enum block_result read_section(struct pcapng_file *f, struct cursor body, struct frame *out)
{
	(void)out;
	cursor_skip(&body, 4); /* byte-order magic: pcapng_block_peek() has used it */
	uint16_t major = cursor_u16(&body, f->order);
	if (!cursor_ok(&body))
		return bad(f, "a section header is too short");
	if (major != 1)
		return bad(f, "a section is of a version other than 1");
	g_array_set_size(f->interfaces, 0);
	return BLOCK_NOTHING;
}

static enum block_result read_interface(struct pcapng_file *f, struct cursor body, struct frame *out)
{
	(void)out;
	struct pcapng_interface i;
	switch (pcapng_interface_read(&i, body, f->order, f->context->interfaces)) {
	case INTERFACE_SHORT:
		return bad(f, "an interface description is too short");
	case INTERFACE_TOO_MANY:
		return bad(f, "there are more than 65535 interfaces");
	case INTERFACE_READ:
		break;
	}
	g_array_append_val(f->interfaces, i);
	f->max_block = MAX(f->max_block, i.max_len + OPTIONS_MAX_BYTES);
	return BLOCK_NOTHING;
}

static struct pcapng_interface *find_interface(const struct pcapng_file *f, uint32_t id)
{
	return id < f->interfaces->len ? &g_array_index(f->interfaces, struct pcapng_interface, id) : NULL;
}

static struct interface_record *find_record(const struct pcapng_file *f, const struct pcapng_interface *i)
{
	return interfaces_get(f->context->interfaces, i->index);
}

static enum block_result read_statistics(struct pcapng_file *f, struct cursor body, struct frame *out)
{
	(void)out;
	const struct pcapng_interface *i = find_interface(f, cursor_u32(&body, f->order));
	cursor_skip(&body, 8); /* time */
	if (i && cursor_ok(&body))
		pcapng_interface_read_statistics(find_record(f, i), body, f->order);
	return BLOCK_NOTHING;
}

/* Not a packet, but Wireshark gives it a frame number, and so must we. */
static enum block_result count_only(struct pcapng_file *f, struct cursor body, struct frame *out)
{
	(void)body;
	(void)out;
	f->frames++;
	return BLOCK_NOTHING;
}

/* --- packets ------------------------------------------------------------------------------------------- */
/* epb_flags: bits 0-1 direction, bits 5-8 length of the frame check sequence in bytes, 0 unknown. */
static void read_flags(struct frame *out, uint32_t flags)
{
	if ((flags & 3) == 1)
		out->direction = FRAME_INBOUND;
	else if ((flags & 3) == 2)
		out->direction = FRAME_OUTBOUND;
	if (flags >> 5 & 0xf)
		out->fcs_len = flags >> 5 & 0xf;
}

static void read_packet_options(struct pcapng_file *f, struct cursor list, struct packet_block *p,
                                struct frame *out)
{
	const struct file_context *context = f->context;
	uint16_t code;
	struct cursor value;
	while (pcapng_option_next(&list, f->order, &code, &value)) {
		if (code == PCAPNG_OPT_COMMENT && context->on_comment) {
			context->on_comment(out->number, (const char *)value.at, value.left,
			                    context->comment_user);
		} else if (code == PCAPNG_EPB_FLAGS && value.left == 4) {
			read_flags(out, cursor_u32(&value, f->order));
		} else if (code == PCAPNG_EPB_DROPCOUNT && value.left == 8) {
			p->drops = cursor_u64(&value, f->order);
			p->has_drops = true;
		}
	}
}

static void fill_frame(struct pcapng_file *f, const struct pcapng_interface *i, const struct packet_block *p,
                       const uint8_t *bytes, struct frame *out)
{
	if (p->has_time)
		f->time_ns = timescale_ns(&i->time, p->ticks);
	out->number = ++f->frames;
	out->time_ns = f->time_ns;
	out->bytes = bytes;
	out->bytes_len = p->captured;
	out->wire_len = MAX(p->captured, p->original);
	out->linktype = i->linktype;
	out->interface = i->index;
	out->direction = FRAME_DIRECTION_UNKNOWN;
	out->fcs_len = i->fcs_len;
}

/* The part that enhanced and obsolete packet blocks share: data, padding, options. */
static enum block_result read_packet(struct pcapng_file *f, struct cursor *body, struct packet_block *p,
                                     struct frame *out)
{
	const struct pcapng_interface *i = find_interface(f, p->interface);
	if (!i)
		return bad(f, "a packet names an interface that was not described");
	if (p->captured > i->max_len)
		return bad(f, "a packet's captured length is impossibly large");
	const uint8_t *bytes = cursor_take(body, p->captured);
	if (!cursor_ok(body))
		return bad(f, "a packet is larger than its block");
	fill_frame(f, i, p, bytes, out);
	cursor_skip(body, pcapng_padded(p->captured) - p->captured);
	read_packet_options(f, *body, p, out);
	if (p->has_drops)
		interface_record_add_lost(find_record(f, i), p->drops);
	return BLOCK_FRAME;
}

static void read_ticks_and_lengths(struct pcapng_file *f, struct cursor *body, struct packet_block *p)
{
	p->ticks = (uint64_t)cursor_u32(body, f->order) << 32; /* high word first in both byte orders */
	p->ticks |= cursor_u32(body, f->order);
	p->captured = cursor_u32(body, f->order);
	p->original = cursor_u32(body, f->order);
	p->has_time = true;
}

static enum block_result read_enhanced(struct pcapng_file *f, struct cursor body, struct frame *out)
{
	struct packet_block p = { .interface = cursor_u32(&body, f->order) };
	read_ticks_and_lengths(f, &body, &p);
	if (!cursor_ok(&body))
		return bad(f, "a packet block is too short");
	return read_packet(f, &body, &p, out);
}

static enum block_result read_obsolete(struct pcapng_file *f, struct cursor body, struct frame *out)
{
	struct packet_block p = { .interface = cursor_u16(&body, f->order) };
	p.drops = cursor_u16(&body, f->order);
	p.has_drops = p.drops != DROPS_UNKNOWN;
	read_ticks_and_lengths(f, &body, &p);
	if (!cursor_ok(&body))
		return bad(f, "a packet block is too short");
	return read_packet(f, &body, &p, out);
}

/* A simple packet is of interface 0, has no time, and was captured up to the snap length. */
static enum block_result read_simple(struct pcapng_file *f, struct cursor body, struct frame *out)
{
	struct packet_block p = { .original = cursor_u32(&body, f->order) };
	const struct pcapng_interface *i = find_interface(f, 0);
	if (!cursor_ok(&body))
		return bad(f, "a packet block is too short");
	if (!i)
		return bad(f, "a packet comes before any interface was described");
	p.captured = (uint32_t)MIN(MIN(p.original, i->snaplen), body.left);
	fill_frame(f, i, &p, body.at, out);
	return BLOCK_FRAME;
}

/* --- the sequence of blocks ---------------------------------------------------------------------------- */
/* Block types that mean something here; all others are skipped. */
static const struct {
	uint32_t type;
	enum block_result (*read)(struct pcapng_file *f, struct cursor body, struct frame *out);
} block_readers[] = {
	{ PCAPNG_ENHANCED_PACKET, read_enhanced },
	{ PCAPNG_SECTION_HEADER, read_section },
	{ PCAPNG_INTERFACE, read_interface },
	{ PCAPNG_PACKET, read_obsolete },
	{ PCAPNG_SIMPLE_PACKET, read_simple },
	{ PCAPNG_STATISTICS, read_statistics },
	{ PCAPNG_JOURNAL, count_only },
	{ PCAPNG_SYSDIG_EVENT, count_only },
	{ PCAPNG_SYSDIG_EVENT_2, count_only },
	{ PCAPNG_SYSDIG_EVENT_2_LARGE, count_only },
	{ PCAPNG_CUSTOM, count_only },
	{ PCAPNG_CUSTOM_NO_COPY, count_only },
};

static enum block_result read_block(struct pcapng_file *f, const struct pcapng_block *b, struct frame *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(block_readers); i++) {
		if (block_readers[i].type == b->type)
			return block_readers[i].read(f, cursor_new(b->body, b->body_len, b->body_len), out);
	}
	return BLOCK_NOTHING;
}

/* An enhanced packet without options, which is what nearly every block is: the same as read_enhanced(). */
static inline bool read_plain_packet(struct pcapng_file *f, const struct pcapng_block *b, struct frame *out)
{
	if (b->type != PCAPNG_ENHANCED_PACKET || b->body_len < EPB_FIXED)
		return false;
	const struct packet_block p = {
		.interface = load_u32(b->body, f->order),
		.ticks = (uint64_t)load_u32(b->body + 4, f->order) << 32 | load_u32(b->body + 8, f->order),
		.captured = load_u32(b->body + 12, f->order),
		.original = load_u32(b->body + 16, f->order),
		.has_time = true,
	};
	const struct pcapng_interface *i = find_interface(f, p.interface);
	if (!i || p.captured > i->max_len || b->body_len - EPB_FIXED != pcapng_padded(p.captured))
		return false;
	fill_frame(f, i, &p, b->body + EPB_FIXED, out);
	return true;
}

static const char *describe_peek(enum pcapng_peek peek)
{
	switch (peek) {
	case PEEK_LENGTH:
		return "a block's length cannot be";
	case PEEK_TRAILER:
		return "the length at a block's end differs from the one at its start";
	case PEEK_NO_MAGIC:
		return "a section header has no byte-order magic";
	case PEEK_BLOCK:
	case PEEK_MORE:
		break;
	}
	return NULL;
}

/* Reads the next block if it is complete in the buffer. *need is then 0; otherwise the bytes it takes. */
static enum block_result read_next_block(struct pcapng_file *f, struct frame *out, size_t *need)
{
	struct input *in = f->context->input;
	struct pcapng_block b;
	*need = 0;
	enum pcapng_peek peek = pcapng_block_peek(&b, input_bytes(in), input_len(in), &f->order, f->max_block);
	if (peek == PEEK_MORE) {
		*need = b.size;
		return BLOCK_NOTHING;
	}
	if (peek != PEEK_BLOCK)
		return bad(f, describe_peek(peek));
	enum block_result result = read_plain_packet(f, &b, out) ? BLOCK_FRAME : read_block(f, &b, out);
	if (result != BLOCK_BAD)
		input_advance(in, b.size);
	return result;
}

/* Makes need bytes readable, or says why not. FALSE without error at a clean end of the file. */
static gboolean refill(struct pcapng_file *f, size_t need, GError **error)
{
	struct input *in = f->context->input;
	GError *read_error = NULL;
	if (input_fill(in, need, &read_error))
		return TRUE;
	if (read_error)
		g_propagate_error(error, read_error);
	else if (input_len(in) > 0)
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_TRUNCATED,
		            "%s: ends in the middle of a block, after packet %" G_GUINT64_FORMAT
		            " (byte %" G_GUINT64_FORMAT "): %zu of %zu bytes of it are there",
		            in->name, f->frames, in->taken, input_len(in), need);
	return FALSE;
}

static void set_corrupt(const struct pcapng_file *f, GError **error)
{
	const struct input *in = f->context->input;
	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CORRUPT,
	            "%s: is damaged after packet %" G_GUINT64_FORMAT " (byte %" G_GUINT64_FORMAT "): %s",
	            in->name, f->frames, in->taken, f->problem);
}

static size_t pcapng_file_next(void *reader, struct frame *out_frames, size_t max, GError **error)
{
	struct pcapng_file *f = reader;
	size_t n = 0, need = 0;
	while (n < max) {
		enum block_result result = read_next_block(f, &out_frames[n], &need);
		if (result == BLOCK_FRAME)
			n++;
		if (result == BLOCK_BAD || need > 0) {
			if (n > 0)
				break; /* it will be met again, first in its batch */
			if (result == BLOCK_BAD)
				set_corrupt(f, error);
			if (result == BLOCK_BAD || !refill(f, need, error))
				return 0;
		}
	}
	return n;
}

static void pcapng_file_free(void *reader)
{
	struct pcapng_file *f = reader;
	g_array_unref(f->interfaces);
	g_free(f);
}

/* Reads up to the first interface, so that a filter has a link type to compile for and an unusable file is
 * refused when it is opened. A file that ends before it has any is a capture of nothing. */
static gboolean read_head(struct pcapng_file *f, GError **error)
{
	struct frame unused;
	size_t need = PCAPNG_SECTION_PEEK;
	while (interfaces_len(f->context->interfaces) == 0) {
		GError *end = NULL;
		if (need > 0 && !refill(f, need, &end)) {
			if (!end)
				return TRUE;
			g_propagate_error(error, end);
			return FALSE;
		}
		if (read_next_block(f, &unused, &need) == BLOCK_BAD) {
			set_corrupt(f, error);
			return FALSE;
		}
	}
	return TRUE;
}

static void *pcapng_file_open(struct file_context *context, GError **error)
{
	struct pcapng_file *f = g_new0(struct pcapng_file, 1);
	f->context = context;
	f->max_block = BLOCK_MAX_BYTES;
	f->interfaces = g_array_new(FALSE, FALSE, sizeof(struct pcapng_interface));
	if (!read_head(f, error)) {
		pcapng_file_free(f);
		return NULL;
	}
	return f;
}

const struct file_format pcapng_file_format = {
	.name = "pcapng",
	.matches = pcapng_file_matches,
	.open = pcapng_file_open,
	.next = pcapng_file_next,
	.free = pcapng_file_free,
};
