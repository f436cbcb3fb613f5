#include "cli/prefix.h"

#include <string.h>

#include <arpa/inet.h>

enum { IPV4_OFFSET = 12, IPV6_BITS = 128, IPV4_BITS = 32 };

/* How many bits the family has; 0 when text is no address. */
static unsigned parse_address(const char *text, uint8_t out_address[16])
{
	static const uint8_t mapped[IPV4_OFFSET] = {[10] = 0xff, [11] = 0xff};

	if (inet_pton(AF_INET6, text, out_address) == 1)
		return IPV6_BITS;
	memcpy(out_address, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out_address + IPV4_OFFSET) == 1 ? IPV4_BITS : 0;
}

gboolean prefix_parse(const char *text, uint8_t out_address[16], unsigned *out_bits, GError **error)
{
	const char *slash = strchr(text, '/');
	g_autofree char *address = slash ? g_strndup(text, (gsize)(slash - text)) : g_strdup(text);
	unsigned family_bits = parse_address(address, out_address);
	guint64 bits = family_bits;

	if (!family_bits || (slash && !g_ascii_string_to_unsigned(slash + 1, 10, 0, family_bits, &bits, NULL))) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		            "\"%s\" is neither an IP address nor a block like 10.0.0.0/8", text);
		return FALSE;
	}
	*out_bits = (unsigned)bits + IPV6_BITS - family_bits;
	return TRUE;
}
