/* What is kept of a long IPv6 address: as many groups from the front as fit, and the last one or two. The front
 * tells the site, the end tells the host; the groups between are the same for all of them anyway. */
#include "report/endpoint.h"

#include <string.h>

#include "rules/host/append.h"
#include "rules/host/text.h"

/* Where the group that starts the last n begins. */
static const char *last_groups(const char *address, unsigned n)
{
	const char *at = address + strlen(address);

	while (at > address && n > 0)
		n -= *--at == ':';
	return *at == ':' ? at + 1 : at;
}

/* The longest prefix of whole groups, colon included, of at most `room` bytes. */
static size_t first_groups(const char *address, size_t room)
{
	size_t kept = 0;

	for (size_t i = 0; address[i] && i < room; i++) {
		if (address[i] == ':')
			kept = i + 1;
	}
	return kept;
}

static void append_elided(GString *out, const char *address, size_t room, bool ascii)
{
	size_t dots = ascii ? 2 : 1;
	const char *tail = last_groups(address, 2);

	if (strlen(tail) + dots + 1 + 5 > room) /* a colon, and one group in front */
		tail = last_groups(address, 1);
	size_t front = first_groups(address, room - MIN(room, strlen(tail) + dots + 1));
	g_string_append_len(out, address, (gssize)front);
	g_string_append_printf(out, "%s:%s", ascii ? ".." : "\xe2\x80\xa6", tail);
}

void endpoint_append(GString *out, const struct facts_end *end, size_t columns, bool ascii)
{
	const gsize start = out->len;
	g_autoptr(GString) address = NULL;
	g_autofree char *port = NULL;

	text_append_end(out, end);
	if (out->len - start <= MAX(columns, ENDPOINT_COLUMNS_MIN))
		return;
	g_string_truncate(out, start);
	address = g_string_new(NULL);
	text_append_address(address, end->address);
	port = g_strdup_printf("]:%u", end->port);
	g_string_append_c(out, '[');
	append_elided(out, address->str, MAX(columns, ENDPOINT_COLUMNS_MIN) - 1 - strlen(port), ascii);
	g_string_append(out, port);
}

void endpoint_append_pair(GString *out, const struct facts *f, size_t columns, bool ascii)
{
	const char *arrow = ascii ? " -> " : " \xe2\x86\x92 ";
	const gsize start = out->len;
	size_t room = columns - MIN(columns, ascii ? 4 : 3), half = room / 2, client, server;

	text_append_end(out, &f->end[HANGUP_CLIENT]);
	client = out->len - start;
	append_text(out, arrow);
	server = out->len;
	text_append_end(out, &f->end[HANGUP_SERVER]);
	server = out->len - server;
	if (client + server <= room)
		return;
	/* what the shorter one leaves is the longer one's */
	client = server < half ? room - server : MIN(client, half);
	server = room - client;
	g_string_truncate(out, start);
	endpoint_append(out, &f->end[HANGUP_CLIENT], client, ascii);
	append_text(out, arrow);
	endpoint_append(out, &f->end[HANGUP_SERVER], server, ascii);
}
