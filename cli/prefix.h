/* An address or a block of addresses as given on a command line: "192.0.2.1", "10.0.0.0/8", "2001:db8::/32". */
#ifndef CLI_PREFIX_H
#define CLI_PREFIX_H

#include <stdint.h>

#include <glib.h>

/* Fills the 16-byte form (IPv4 as ::ffff:a.b.c.d) and how many of its 128 bits count. FALSE and a
 * G_OPTION_ERROR when it is neither. */
gboolean prefix_parse(const char *text, uint8_t out_address[16], unsigned *out_bits, GError **error);

#endif
