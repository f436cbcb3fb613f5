/* pcapng files (draft-ietf-opsawg-pcapng): a sequence of blocks, in sections that each have their own byte
 * order and their own numbering of interfaces.
 *
 * Only what a verdict may rest on or a reader wants to know is read: packets of all three kinds, interfaces, statistics,
 * names of hosts, comments, and of a packet's options its direction and drop count. Everything else is skipped by its length and
 * never kept; that includes the secrets of a decryption secrets block.
 *
 * Nearly every block is an enhanced packet without options, so the loop tries that first, and the general
 * way gives the same result. Frames point into the buffer; nothing is allocated per packet. */
#include "capture/pcapng_reader.h"

/* Blocks longer than this are damage (libpcap's limit), unless an interface may have longer packets. */
static const size_t BLOCK_MAX_BYTES = 16u << 20;
static const size_t OPTIONS_MAX_BYTES = 128u << 10;

static bool pcapng_file_matches(const uint8_t *start, size_t len)
{
	struct pcapng_block b;
	enum byte_order order = ORDER_LITTLE;
	return len >= PCAPNG_SECTION_PEEK && load_u32le(start) == PCAPNG_SECTION_HEADER &&
	       pcapng_block_peek(&b, start, len, &order, BLOCK_MAX_BYTES) != PEEK_NO_MAGIC;
}

/* --- blocks that are not packets ---------------------------------------------------------------------- */
static const size_t HEAD_COMMENT_MAX_BYTES = 4096;

/* The first section is read when the file is opened: its first comment waits until somebody can listen. */
static void take_file_comment(struct pcapng_reader *r, const struct cursor *text)
{
	if (interfaces_len(r->context->interfaces) > 0)
		pcapng_comment(r, 0, text);
	else if (!r->head_comment)
		r->head_comment = g_string_new_len((const char *)text->at, (gssize)MIN(text->left, HEAD_COMMENT_MAX_BYTES));
}

static void tell_head_comment(struct pcapng_reader *r)
{
	const GString *text = r->head_comment;
	struct cursor c = cursor_new((const uint8_t *)text->str, text->len, text->len);
	pcapng_comment(r, 0, &c);
	g_string_free(r->head_comment, TRUE);
	r->head_comment = NULL;
}

/* What our own files say of the application that wrote them. */
#define OURS "hangup "

static enum block_result read_section(struct pcapng_reader *r, struct cursor body, struct frame *out)
{
	uint16_t code;
	struct cursor value;
	(void)out;
	cursor_skip(&body, 4); /* byte-order magic: pcapng_block_peek() has used it */
	uint16_t major = cursor_u16(&body, r->order);
	if (!cursor_ok(&body))
		return pcapng_bad(r, "a section header is too short");
	if (major != 1)
		return pcapng_bad(r, "a section is of a version other than 1");
	g_array_set_size(r->interfaces, 0);
	r->ours = false;
	cursor_skip(&body, 2 + 8); /* minor version, length of the section */
	while (pcapng_option_next(&body, r->order, &code, &value)) {
		if (code == PCAPNG_OPT_COMMENT)
			take_file_comment(r, &value);
		if (code == PCAPNG_SHB_APPLICATION)
			r->ours = value.left >= strlen(OURS) && memcmp(value.at, OURS, strlen(OURS)) == 0;
	}
	return BLOCK_NOTHING;
}

static enum block_result read_interface(struct pcapng_reader *r, struct cursor body, struct frame *out)
{
	(void)out;
	struct pcapng_interface i;
	switch (pcapng_interface_read(&i, body, r->order, r->context->interfaces)) {
	case INTERFACE_SHORT:
		return pcapng_bad(r, "an interface description is too short");
	case INTERFACE_TOO_MANY:
		return pcapng_bad(r, "there are more than 65535 interfaces");
	case INTERFACE_READ:
		break;
	}
	g_array_append_val(r->interfaces, i);
	r->max_block = MAX(r->max_block, i.max_len + OPTIONS_MAX_BYTES);
	return BLOCK_NOTHING;
}

static enum block_result read_statistics(struct pcapng_reader *r, struct cursor body, struct frame *out)
{
	(void)out;
	const struct pcapng_interface *i = pcapng_find_interface(r, cursor_u32(&body, r->order));
	uint64_t ticks = (uint64_t)cursor_u32(&body, r->order) << 32;
	ticks |= cursor_u32(&body, r->order);
	if (i && cursor_ok(&body) && r->ours)
		r->context->until_ns = MAX(r->context->until_ns, timescale_ns(&i->time, ticks));
	if (i && cursor_ok(&body))
		pcapng_interface_read_statistics(pcapng_find_record(r, i), body, r->order);
	return BLOCK_NOTHING;
}

/* Not a packet, but Wireshark gives it a frame number, and so must we. */
static enum block_result count_only(struct pcapng_reader *r, struct cursor body, struct frame *out)
{
	(void)body;
	(void)out;
	r->frames++;
	return BLOCK_NOTHING;
}

/* --- the sequence of blocks ---------------------------------------------------------------------------- */
/* Block types that mean something here; all others are skipped. */
static const struct {
	uint32_t type;
	enum block_result (*read)(struct pcapng_reader *r, struct cursor body, struct frame *out);
} block_readers[] = {
	{ PCAPNG_ENHANCED_PACKET, pcapng_read_enhanced },
	{ PCAPNG_SECTION_HEADER, read_section },
	{ PCAPNG_INTERFACE, read_interface },
	{ PCAPNG_PACKET, pcapng_read_obsolete },
	{ PCAPNG_SIMPLE_PACKET, pcapng_read_simple },
	{ PCAPNG_STATISTICS, read_statistics },
	{ PCAPNG_NAMES, pcapng_read_names },
	{ PCAPNG_JOURNAL, count_only },
	{ PCAPNG_SYSDIG_EVENT, count_only },
	{ PCAPNG_SYSDIG_EVENT_2, count_only },
	{ PCAPNG_SYSDIG_EVENT_2_LARGE, count_only },
	{ PCAPNG_CUSTOM, count_only },
	{ PCAPNG_CUSTOM_NO_COPY, count_only },
};

static enum block_result read_block(struct pcapng_reader *r, const struct pcapng_block *b, struct frame *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(block_readers); i++) {
		if (block_readers[i].type == b->type)
			return block_readers[i].read(r, cursor_new(b->body, b->body_len, b->body_len), out);
	}
	return BLOCK_NOTHING;
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
static enum block_result read_next_block(struct pcapng_reader *r, struct frame *out, size_t *need)
{
	struct input *in = r->context->input;
	struct pcapng_block b;
	*need = 0;
	enum pcapng_peek peek = pcapng_block_peek(&b, input_bytes(in), input_len(in), &r->order, r->max_block);
	if (peek == PEEK_MORE) {
		*need = b.size;
		return BLOCK_NOTHING;
	}
	if (peek != PEEK_BLOCK)
		return pcapng_bad(r, describe_peek(peek));
	enum block_result result = pcapng_read_plain(r, &b, out) ? BLOCK_FRAME : read_block(r, &b, out);
	if (result != BLOCK_BAD)
		input_advance(in, b.size);
	return result;
}

/* Makes need bytes readable, or says why not. FALSE without error at a clean end of the file. */
static gboolean refill(struct pcapng_reader *r, size_t need, GError **error)
{
	struct input *in = r->context->input;
	GError *read_error = NULL;
	if (input_fill(in, need, &read_error))
		return TRUE;
	if (read_error)
		g_propagate_error(error, read_error);
	else if (input_len(in) > 0)
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_TRUNCATED,
		            "%s: ends in the middle of a block, after packet %" G_GUINT64_FORMAT
		            " (byte %" G_GUINT64_FORMAT "): %zu of %zu bytes of it are there",
		            in->name, r->frames, in->taken, input_len(in), need);
	return FALSE;
}

static void set_corrupt(const struct pcapng_reader *r, GError **error)
{
	const struct input *in = r->context->input;
	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_CORRUPT,
	            "%s: is damaged after packet %" G_GUINT64_FORMAT " (byte %" G_GUINT64_FORMAT "): %s",
	            in->name, r->frames, in->taken, r->problem);
}

static size_t pcapng_file_next(void *reader, struct frame *out_frames, size_t max, GError **error)
{
	struct pcapng_reader *r = reader;
	size_t n = 0, need = 0;
	if (G_UNLIKELY(r->head_comment))
		tell_head_comment(r);
	while (n < max) {
		enum block_result result = read_next_block(r, &out_frames[n], &need);
		if (result == BLOCK_FRAME)
			n++;
		if (result == BLOCK_BAD || need > 0) {
			if (n > 0)
				break; /* it will be met again, first in its batch */
			if (result == BLOCK_BAD)
				set_corrupt(r, error);
			if (result == BLOCK_BAD || !refill(r, need, error))
				return 0;
		}
	}
	return n;
}

static void pcapng_file_free(void *reader)
{
	struct pcapng_reader *r = reader;
	g_array_unref(r->interfaces);
	if (r->head_comment)
		g_string_free(r->head_comment, TRUE);
	g_free(r);
}

/* Reads up to the first interface, so that a filter has a link type to compile for and an unusable file is
 * refused when it is opened. A file that ends before it has any is a capture of nothing. */
static gboolean read_head(struct pcapng_reader *r, GError **error)
{
	struct frame unused;
	size_t need = PCAPNG_SECTION_PEEK;
	while (interfaces_len(r->context->interfaces) == 0) {
		GError *end = NULL;
		if (need > 0 && !refill(r, need, &end)) {
			if (!end)
				return TRUE;
			g_propagate_error(error, end);
			return FALSE;
		}
		if (read_next_block(r, &unused, &need) == BLOCK_BAD) {
			set_corrupt(r, error);
			return FALSE;
		}
	}
	return TRUE;
}

static void *pcapng_file_open(struct file_context *context, GError **error)
{
	struct pcapng_reader *r = g_new0(struct pcapng_reader, 1);
	r->context = context;
	r->max_block = BLOCK_MAX_BYTES;
	r->interfaces = g_array_new(FALSE, FALSE, sizeof(struct pcapng_interface));
	if (!read_head(r, error)) {
		pcapng_file_free(r);
		return NULL;
	}
	return r;
}

const struct file_format pcapng_file_format = {
	.name = "pcapng",
	.matches = pcapng_file_matches,
	.open = pcapng_file_open,
	.next = pcapng_file_next,
	.free = pcapng_file_free,
};
