#include "analyzers/address.h"

#include <string.h>

#if defined(_WIN32)
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#endif

enum { MAPPED_BITS = 96 };

G_DEFINE_QUARK(hangup-address-error, address_error)

static gboolean parse_host(const char *text, uint8_t out[16], unsigned *out_bits)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (inet_pton(AF_INET6, text, out) == 1) {
		*out_bits = 128;
		return TRUE;
	}
	memcpy(out, mapped, sizeof mapped);
	*out_bits = 32;
	return inet_pton(AF_INET, text, out + sizeof mapped) == 1;
}

gboolean address_parse(const char *text, uint8_t out_address[16], unsigned *out_prefix, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", 2);
	unsigned bits = 0;
	guint64 prefix;

	if (parts[0] == NULL || !parse_host(parts[0], out_address, &bits) ||
	    (parts[1] != NULL && !g_ascii_string_to_unsigned(parts[1], 10, 0, bits, &prefix, NULL))) {
		g_set_error(error, ADDRESS_ERROR, 0, "\"%s\" is neither an IP address nor a network like 192.0.2.0/24",
		            text);
		return FALSE;
	}
	*out_prefix = (parts[1] != NULL ? (unsigned)prefix : bits) + (bits == 32 ? MAPPED_BITS : 0);
	return TRUE;
}
