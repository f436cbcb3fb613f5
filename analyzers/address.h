/* Addresses and networks as text, in the 16-byte form all of hangup uses: IPv4 as ::ffff:a.b.c.d. */
#ifndef ANALYZERS_ADDRESS_H
#define ANALYZERS_ADDRESS_H

#include <stdint.h>
#include <string.h>

#include <glib.h>

#define ADDRESS_ERROR address_error_quark()
GQuark address_error_quark(void);

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32". *out_prefix counts bits of the 16-byte form. FALSE and error when
 * the text is none of these. */
gboolean address_parse(const char *text, uint8_t out_address[16], unsigned *out_prefix, GError **error);

/* The first bits of a word. */
static inline uint64_t address_mask(unsigned bits)
{
	return bits == 0 ? 0 : ~UINT64_C(0) << (64 - bits);
}

/* In one pass: every connection may be asked of every address that is known to be this host's. */
static inline gboolean address_matches(const uint8_t address[16], const uint8_t net[16], unsigned prefix)
{
	uint64_t a[2], n[2];

	memcpy(a, address, sizeof a);
	memcpy(n, net, sizeof n);
	return ((GUINT64_FROM_BE(a[0] ^ n[0]) & address_mask(MIN(prefix, 64))) |
	        (GUINT64_FROM_BE(a[1] ^ n[1]) & address_mask(prefix > 64 ? prefix - 64 : 0))) == 0;
}

#endif
