/* Linux netfilter's log (tcpdump.org/linktypes/LINKTYPE_NFLOG.html): what `tcpdump -i nflog` writes.
 *
 *     family(1) version(1) resource(2), then attributes:  length(2) type(2) value, padded to 4
 *
 * Lengths and types are in the byte order of the machine that captured, which nothing tells. In the wrong
 * one a type is 256 or more, and no attribute has such a number. */
#include "capture/layers.h"

enum { ATTRIBUTE_HEADER = 4, ATTRIBUTE_PAYLOAD = 9, TYPE_MAX = 0xff };

/* The value of the next attribute; its type is 0 when there is none. */
static struct cursor next_attribute(struct cursor *list, uint16_t *out_type)
{
	const uint8_t *p = cursor_take(list, ATTRIBUTE_HEADER);
	*out_type = 0;
	if (!p)
		return *list;
	enum byte_order order = load_u16le(p + 2) <= TYPE_MAX ? ORDER_LITTLE : ORDER_BIG;
	uint16_t len = load_u16(p, order);
	if (len < ATTRIBUTE_HEADER)
		cursor_fail(list, CURSOR_INVALID);
	struct cursor value = cursor_child(list, len - (size_t)ATTRIBUTE_HEADER);
	*out_type = load_u16(p + 2, order);
	size_t padding = (4 - len % 4u) % 4u;
	cursor_skip(list, padding < list->left ? padding : list->left);
	return value;
}

void decode_nflog(struct layers *l)
{
	cursor_skip(&l->at, 4);
	while (l->at.wire > 0) {
		uint16_t type;
		struct cursor value = next_attribute(&l->at, &type);
		if (cursor_ok(&value) && type == ATTRIBUTE_PAYLOAD) {
			l->at = value;
			decode_raw(l);
			return;
		}
	}
	layers_failed(l);
}
