/* The general way through a frame: link layer by number, then whatever its headers name. decode_fast.c has
 * the short cut that most frames take. */
#include "capture/decode.h"

#include <string.h>

#include "capture/layers.h"
#include "capture/linktype.h"

static const struct layer_row linktypes[] = {
	{ LINKTYPE_ETHERNET, "Ethernet", decode_ethernet },
	{ LINKTYPE_LINUX_SLL, "Linux cooked v1", decode_linux_sll },
	{ LINKTYPE_LINUX_SLL2, "Linux cooked v2", decode_linux_sll2 },
	{ LINKTYPE_NULL, "BSD loopback", decode_null },
	{ LINKTYPE_LOOP, "OpenBSD loopback", decode_null },
	{ LINKTYPE_RAW, "raw IP", decode_raw },
	{ LINKTYPE_RAW_BSD, "raw IP", decode_raw },
	{ LINKTYPE_RAW_OPENBSD, "raw IP", decode_raw },
	{ LINKTYPE_IPV4, "raw IPv4", decode_ipv4 },
	{ LINKTYPE_IPV6, "raw IPv6", decode_ipv6 },
	{ LINKTYPE_PPP, "PPP", decode_ppp },
	{ LINKTYPE_PPP_HDLC, "PPP in HDLC framing", decode_ppp_hdlc },
	{ LINKTYPE_PPP_ETHER, "PPP over Ethernet", decode_pppoe },
	{ LINKTYPE_PPP_PPPD, "PPP with direction (pppd)", decode_ppp_pppd },
	{ LINKTYPE_PPP_WITH_DIR, "PPP with direction", decode_ppp_with_dir },
	{ LINKTYPE_C_HDLC, "Cisco HDLC", decode_c_hdlc },
	{ LINKTYPE_MPLS, "MPLS", decode_mpls },
	{ LINKTYPE_NFLOG, "Linux netfilter log", decode_nflog },
};

static const struct layer_row *find_linktype(uint16_t linktype)
{
	return layer_find(linktypes, sizeof(linktypes) / sizeof(linktypes[0]), linktype);
}

bool decode_knows_linktype(uint16_t linktype)
{
	return find_linktype(linktype) != NULL;
}

const char *decode_linktype_name(uint16_t linktype)
{
	const struct layer_row *row = find_linktype(linktype);
	return row ? row->name : NULL;
}

/* The frame without its check sequence, which is there only when the frame was not cut before it. */
static struct cursor frame_cursor(const struct frame *frame)
{
	struct cursor c = cursor_new(frame->bytes, frame->bytes_len, frame->wire_len);
	if (frame->fcs_len < c.wire)
		cursor_trim(&c, c.wire - frame->fcs_len);
	return c;
}

void decode_frame_general(const struct frame *frame, struct segment *out)
{
	memset(out, 0, sizeof(*out));
	out->number = frame->number;
	out->time_ns = frame->time_ns;
	out->direction = frame->direction;
	const struct layer_row *row = find_linktype(frame->linktype);
	struct layers l = { .at = frame_cursor(frame), .out = out };
	if (row)
		row->decode(&l);
}
