#include "report/community_id.h"

#include <string.h>

#include <glib.h>

enum { SHA1_BYTES = 20, PROTOCOL_TCP = 6 };

static bool comes_first(const struct facts_end *a, const struct facts_end *b)
{
	int order = memcmp(a->address, b->address, sizeof(a->address));

	return order < 0 || (order == 0 && a->port < b->port);
}

static void hash_port(GChecksum *sum, uint16_t port)
{
	const guchar bytes[2] = {(guchar)(port >> 8), (guchar)port};

	g_checksum_update(sum, bytes, sizeof(bytes));
}

/* Seed, addresses, protocol, padding, ports; the smaller end first, so that both directions agree. */
static void hash_tuple(GChecksum *sum, const struct facts *f)
{
	static const guchar seed[2] = {0, 0}, protocol_and_pad[2] = {PROTOCOL_TCP, 0};
	bool swap = !comes_first(&f->end[HANGUP_CLIENT], &f->end[HANGUP_SERVER]);
	const struct facts_end *low = &f->end[swap], *high = &f->end[!swap];
	size_t skip = f->ip_version == 4 ? 12 : 0;
	gssize len = (gssize)(sizeof(low->address) - skip);

	g_checksum_update(sum, seed, sizeof(seed));
	g_checksum_update(sum, low->address + skip, len);
	g_checksum_update(sum, high->address + skip, len);
	g_checksum_update(sum, protocol_and_pad, sizeof(protocol_and_pad));
	hash_port(sum, low->port);
	hash_port(sum, high->port);
}

void community_id_write(char out[COMMUNITY_ID_LEN + 1], const struct facts *f)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[SHA1_BYTES];
	gsize digest_len = sizeof(digest);
	gint state = 0, save = 0;

	hash_tuple(sum, f);
	g_checksum_get_digest(sum, digest, &digest_len);
	g_checksum_free(sum);

	memcpy(out, "1:", 2);
	gsize len = g_base64_encode_step(digest, digest_len, FALSE, out + 2, &state, &save);
	len += g_base64_encode_close(FALSE, out + 2 + len, &state, &save);
	g_assert(len == COMMUNITY_ID_LEN - 2);
	out[COMMUNITY_ID_LEN] = '\0';
}
