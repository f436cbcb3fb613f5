/* Addresses and networks as text, in the 16-byte form all of hangup uses: IPv4 as ::ffff:a.b.c.d. */
#ifndef ANALYZERS_ADDRESS_H
#define ANALYZERS_ADDRESS_H

#include <stdint.h>

#include <glib.h>

#define ADDRESS_ERROR address_error_quark()
GQuark address_error_quark(void);

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32". *out_prefix counts bits of the 16-byte form. FALSE and error when
 * the text is none of these. */
gboolean address_parse(const char *text, uint8_t out_address[16], unsigned *out_prefix, GError **error);
gboolean address_matches(const uint8_t address[16], const uint8_t net[16], unsigned prefix);

#endif
