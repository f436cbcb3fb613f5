/* Where the capture was taken, for one connection, and how that is known. */
#ifndef ANALYZERS_VANTAGE_H
#define ANALYZERS_VANTAGE_H

#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/connection.h"

/* Addresses of the capturing host: told by the user, and listed in the file. */
struct vantage_hints;
struct vantage_hints *vantage_hints_new(void);
void vantage_hints_free(struct vantage_hints *h);

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32". FALSE and error when it is none of these. */
gboolean vantage_hints_tell(struct vantage_hints *h, const char *address_or_cidr, GError **error);
/* An address of the capturing interface, from the file; IPv4 as ::ffff:a.b.c.d. */
void vantage_hints_interface(struct vantage_hints *h, const uint8_t address[16]);

struct vantage {
	enum hangup_vantage where;
	enum hangup_vantage_by by;
};
/* Learns from each connection for those that show less, so the order of asking counts. */
struct vantage vantage_of(const struct connection *c, struct vantage_hints *h);

#endif
