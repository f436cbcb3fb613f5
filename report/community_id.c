#include "report/community_id.h"

#include <string.h>

enum { SHA1_BYTES = 20, PROTOCOL_TCP = 6, TUPLE_BYTES_MAX = 2 + 2 * 16 + 2 + 2 * 2 };

static bool comes_first(const struct facts_end *a, const struct facts_end *b)
{
	int order = memcmp(a->address, b->address, sizeof(a->address));

	return order < 0 || (order == 0 && a->port < b->port);
}

static guint8 *put(guint8 *at, const void *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

static guint8 *put_port(guint8 *at, uint16_t port)
{
	const guint8 bytes[2] = {(guint8)(port >> 8), (guint8)port};

	return put(at, bytes, sizeof(bytes));
}

/* Seed, addresses, protocol, padding, ports; the smaller end first, so that both directions agree. */
static size_t put_tuple(guint8 *out, const struct facts *f)
{
	static const guint8 seed[2] = {0, 0}, protocol_and_pad[2] = {PROTOCOL_TCP, 0};
	bool swap = !comes_first(&f->end[HANGUP_CLIENT], &f->end[HANGUP_SERVER]);
	const struct facts_end *low = &f->end[swap], *high = &f->end[!swap];
	size_t skip = f->ip_version == 4 ? 12 : 0;
	guint8 *at = put(out, seed, sizeof(seed));

	at = put(at, low->address + skip, sizeof(low->address) - skip);
	at = put(at, high->address + skip, sizeof(high->address) - skip);
	at = put(at, protocol_and_pad, sizeof(protocol_and_pad));
	at = put_port(at, low->port);
	return (size_t)(put_port(at, high->port) - out);
}

void community_id_write(char out[COMMUNITY_ID_LEN + 1], const struct facts *f, GChecksum *sum)
{
	guint8 tuple[TUPLE_BYTES_MAX], digest[SHA1_BYTES];
	gsize digest_len = sizeof(digest);
	gint state = 0, save = 0;

	g_checksum_reset(sum);
	g_checksum_update(sum, tuple, (gssize)put_tuple(tuple, f));
	g_checksum_get_digest(sum, digest, &digest_len);

	memcpy(out, "1:", 2);
	gsize len = g_base64_encode_step(digest, digest_len, FALSE, out + 2, &state, &save);
	len += g_base64_encode_close(FALSE, out + 2 + len, &state, &save);
	g_assert(len == COMMUNITY_ID_LEN - 2);
	out[COMMUNITY_ID_LEN] = '\0';
}
