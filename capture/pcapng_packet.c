/* Packet blocks: enhanced, which everybody writes, simple, and the obsolete one before them.
 *
 * Of a packet's options its comments, its direction and its drop count are read. Frames point into the
 * buffer; nothing is copied or allocated. */
#include "capture/pcapng_reader.h"

enum { EPB_FIXED = 20, DROPS_UNKNOWN = 0xffff };

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

static void read_packet_options(struct pcapng_reader *r, struct cursor list, struct packet_block *p,
                                struct frame *out)
{
	uint16_t code;
	struct cursor value;
	while (pcapng_option_next(&list, r->order, &code, &value)) {
		if (code == PCAPNG_OPT_COMMENT) {
			pcapng_comment(r, out->number, &value);
		} else if (code == PCAPNG_EPB_FLAGS && value.left == 4) {
			read_flags(out, cursor_u32(&value, r->order));
		} else if (code == PCAPNG_EPB_DROPCOUNT && value.left == 8) {
			p->drops = cursor_u64(&value, r->order);
			p->has_drops = true;
		}
	}
}

static void fill_frame(struct pcapng_reader *r, const struct pcapng_interface *i, const struct packet_block *p,
                       const uint8_t *bytes, struct frame *out)
{
	if (p->has_time)
		r->time_ns = timescale_ns(&i->time, p->ticks);
	out->number = ++r->frames;
	out->time_ns = r->time_ns;
	out->bytes = bytes;
	out->bytes_len = p->captured;
	out->wire_len = MAX(p->captured, p->original);
	out->linktype = i->linktype;
	out->interface = i->index;
	out->direction = FRAME_DIRECTION_UNKNOWN;
	out->fcs_len = i->fcs_len;
}

/* The part that enhanced and obsolete packet blocks share: data, padding, options. */
static enum block_result read_packet(struct pcapng_reader *r, struct cursor *body, struct packet_block *p,
                                     struct frame *out)
{
	const struct pcapng_interface *i = pcapng_find_interface(r, p->interface);
	if (!i)
		return pcapng_bad(r, "a packet names an interface that was not described");
	if (p->captured > i->max_len)
		return pcapng_bad(r, "a packet's captured length is impossibly large");
	const uint8_t *bytes = cursor_take(body, p->captured);
	if (!cursor_ok(body))
		return pcapng_bad(r, "a packet is larger than its block");
	fill_frame(r, i, p, bytes, out);
	cursor_skip(body, pcapng_padded(p->captured) - p->captured);
	read_packet_options(r, *body, p, out);
	if (p->has_drops)
		interface_record_add_lost(pcapng_find_record(r, i), p->drops);
	return BLOCK_FRAME;
}

static void read_ticks_and_lengths(struct pcapng_reader *r, struct cursor *body, struct packet_block *p)
{
	p->ticks = (uint64_t)cursor_u32(body, r->order) << 32; /* high word first in both byte orders */
	p->ticks |= cursor_u32(body, r->order);
	p->captured = cursor_u32(body, r->order);
	p->original = cursor_u32(body, r->order);
	p->has_time = true;
}

enum block_result pcapng_read_enhanced(struct pcapng_reader *r, struct cursor body, struct frame *out)
{
	struct packet_block p = { .interface = cursor_u32(&body, r->order) };
	read_ticks_and_lengths(r, &body, &p);
	if (!cursor_ok(&body))
		return pcapng_bad(r, "a packet block is too short");
	return read_packet(r, &body, &p, out);
}

enum block_result pcapng_read_obsolete(struct pcapng_reader *r, struct cursor body, struct frame *out)
{
	struct packet_block p = { .interface = cursor_u16(&body, r->order) };
	p.drops = cursor_u16(&body, r->order);
	p.has_drops = p.drops != DROPS_UNKNOWN;
	read_ticks_and_lengths(r, &body, &p);
	if (!cursor_ok(&body))
		return pcapng_bad(r, "a packet block is too short");
	return read_packet(r, &body, &p, out);
}

/* A simple packet is of interface 0, has no time, and was captured up to the snap length. */
enum block_result pcapng_read_simple(struct pcapng_reader *r, struct cursor body, struct frame *out)
{
	struct packet_block p = { .original = cursor_u32(&body, r->order) };
	const struct pcapng_interface *i = pcapng_find_interface(r, 0);
	if (!cursor_ok(&body))
		return pcapng_bad(r, "a packet block is too short");
	if (!i)
		return pcapng_bad(r, "a packet comes before any interface was described");
	p.captured = (uint32_t)MIN(MIN(p.original, i->snaplen), body.left);
	fill_frame(r, i, &p, body.at, out);
	return BLOCK_FRAME;
}

bool pcapng_read_plain(struct pcapng_reader *r, const struct pcapng_block *b, struct frame *out)
{
	if (b->type != PCAPNG_ENHANCED_PACKET || b->body_len < EPB_FIXED)
		return false;
	const struct packet_block p = {
		.interface = load_u32(b->body, r->order),
		.ticks = (uint64_t)load_u32(b->body + 4, r->order) << 32 | load_u32(b->body + 8, r->order),
		.captured = load_u32(b->body + 12, r->order),
		.original = load_u32(b->body + 16, r->order),
		.has_time = true,
	};
	const struct pcapng_interface *i = pcapng_find_interface(r, p.interface);
	if (!i || p.captured > i->max_len || b->body_len - EPB_FIXED != pcapng_padded(p.captured))
		return false;
	fill_frame(r, i, &p, b->body + EPB_FIXED, out);
	return true;
}
