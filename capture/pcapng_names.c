/* Name resolution blocks: which names the capturing program knew its addresses by. A record is a type, a length and,
 * for IPv4 (1) and IPv6 (2), an address and the names it has, each with a zero at its end. The first is the one that
 * programs show. */
#include "capture/pcapng_reader.h"

#include <string.h>

enum { RECORD_IPV4 = 1, RECORD_IPV6 = 2 };

static void hand_out(const struct file_context *context, const uint8_t address[16], const struct cursor *names)
{
	const uint8_t *zero = names->left > 0 ? memchr(names->at, 0, names->left) : NULL;
	size_t len = zero ? (size_t)(zero - names->at) : names->left;
	if (len > 0)
		context->on_name(address, (const char *)names->at, len, context->name_user);
}

static void read_record(const struct pcapng_reader *r, uint16_t type, struct cursor value)
{
	uint8_t address[16] = { [10] = 0xff, [11] = 0xff };
	if (type == RECORD_IPV4)
		cursor_copy(&value, address + 12, 4);
	else if (type == RECORD_IPV6)
		cursor_copy(&value, address, 16);
	else
		return;
	if (cursor_ok(&value))
		hand_out(r->context, address, &value);
}

enum block_result pcapng_read_names(struct pcapng_reader *r, struct cursor body, struct frame *out)
{
	uint16_t type;
	struct cursor value;
	(void)out;
	/* a list of records is a list of options with other codes */
	while (r->context->on_name && pcapng_option_next(&body, r->order, &type, &value))
		read_record(r, type, value);
	return BLOCK_NOTHING;
}
