#include "capture/pcapng_interface.h"

#include <string.h>

#include "capture/linktype.h"
#include "capture/pcapng_block.h"

/* Descriptions are kept for people to read, and a hostile file may have tens of thousands of them. */
enum { TEXT_MAX_BYTES = 256, ADDRESSES_MAX = 16 };

enum { DEFAULT_TSRESOL = 6 /* microseconds */ };

/* What the options of one interface are read into. */
struct reading {
	struct interface_record *record;
	enum byte_order order;
	uint8_t tsresol;
	int64_t tsoffset;
	uint8_t fcs_len;
};

/* The first of several wins; text may or may not end in a NUL. */
static void read_text(const char **out, const struct cursor *value)
{
	if (!*out && value->left > 0)
		*out = g_strndup((const char *)value->at, MIN(value->left, TEXT_MAX_BYTES));
}

static void read_name(struct reading *r, struct cursor value)
{
	read_text(&r->record->seen.name, &value);
}

static void read_description(struct reading *r, struct cursor value)
{
	read_text(&r->record->seen.description, &value);
}

static void read_os(struct reading *r, struct cursor value)
{
	read_text(&r->record->seen.os, &value);
}

/* A filter is one byte that tells its kind, then for kind 0 the text that was typed. */
static void read_filter(struct reading *r, struct cursor value)
{
	if (cursor_u8(&value) == 0)
		read_text(&r->record->seen.filter, &value);
}

static void add_address(struct reading *r, const uint8_t address[16])
{
	if (r->record->seen.addresses_len < ADDRESSES_MAX)
		interface_record_add_address(r->record, address);
}

static void read_ipv4(struct reading *r, struct cursor value)
{
	uint8_t mapped[16] = { [10] = 0xff, [11] = 0xff };
	cursor_copy(&value, mapped + 12, 4);
	if (cursor_ok(&value)) /* the mask that follows says nothing about who captured */
		add_address(r, mapped);
}

static void read_ipv6(struct reading *r, struct cursor value)
{
	uint8_t address[16];
	cursor_copy(&value, address, 16);
	if (cursor_ok(&value))
		add_address(r, address);
}

static void read_tsresol(struct reading *r, struct cursor value)
{
	if (value.left == 1)
		r->tsresol = cursor_u8(&value);
}

static void read_tsoffset(struct reading *r, struct cursor value)
{
	if (value.left == 8)
		r->tsoffset = (int64_t)cursor_u64(&value, r->order);
}

static void read_fcslen(struct reading *r, struct cursor value)
{
	r->fcs_len = cursor_u8(&value);
}

static const struct {
	uint16_t code;
	void (*read)(struct reading *r, struct cursor value);
} readers[] = {
	{ PCAPNG_IF_NAME, read_name },       { PCAPNG_IF_DESCRIPTION, read_description },
	{ PCAPNG_IF_IPV4, read_ipv4 },       { PCAPNG_IF_IPV6, read_ipv6 },
	{ PCAPNG_IF_TSRESOL, read_tsresol }, { PCAPNG_IF_FILTER, read_filter },
	{ PCAPNG_IF_OS, read_os },           { PCAPNG_IF_FCSLEN, read_fcslen },
	{ PCAPNG_IF_TSOFFSET, read_tsoffset },
};

static void read_options(struct reading *r, struct cursor list)
{
	uint16_t code;
	struct cursor value;
	while (pcapng_option_next(&list, r->order, &code, &value)) {
		for (size_t i = 0; i < G_N_ELEMENTS(readers); i++) {
			if (readers[i].code == code)
				readers[i].read(r, value);
		}
	}
}

enum pcapng_interface_result pcapng_interface_read(struct pcapng_interface *out, struct cursor body,
                                                   enum byte_order order, struct interfaces *all)
{
	uint16_t linktype = cursor_u16(&body, order);
	cursor_skip(&body, 2); /* reserved */
	uint32_t snaplen = cursor_u32(&body, order);
	if (!cursor_ok(&body))
		return INTERFACE_SHORT;
	size_t index = interfaces_len(all);
	struct reading r = { .order = order, .tsresol = DEFAULT_TSRESOL };
	r.record = interfaces_add(all, linktype, snaplen);
	if (!r.record)
		return INTERFACE_TOO_MANY;
	read_options(&r, body);
	*out = (struct pcapng_interface){
		.time = timescale_new(r.tsresol, r.tsoffset),
		.snaplen = linktype_snaplen(linktype, snaplen),
		.max_len = linktype_max_len(linktype),
		.linktype = linktype,
		.index = (uint16_t)index,
		.fcs_len = r.fcs_len,
	};
	return INTERFACE_READ;
}

void pcapng_interface_read_statistics(struct interface_record *record, struct cursor options,
                                      enum byte_order order)
{
	uint16_t code;
	struct cursor value;
	uint64_t dropped = 0;
	bool told = false;
	while (pcapng_option_next(&options, order, &code, &value)) {
		uint64_t count = cursor_u64(&value, order);
		if (!cursor_ok(&value))
			continue;
		if (code == PCAPNG_ISB_RECEIVED)
			record->seen.received = count;
		if (code == PCAPNG_ISB_DROPPED || code == PCAPNG_ISB_OS_DROPPED) {
			dropped += MIN(count, UINT64_MAX - dropped);
			told = true;
		}
	}
	if (told)
		interface_record_set_told_dropped(record, dropped);
}
