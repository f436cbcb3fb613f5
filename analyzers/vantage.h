/* Where the capture was taken, for one connection, and how that is known. */
#ifndef ANALYZERS_VANTAGE_H
#define ANALYZERS_VANTAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <glib.h>

#include "analyzers/connection.h"

/* Addresses of the capturing host: told by the user, and listed in the file. */
struct vantage_hints;
struct vantage_hints *vantage_hints_new(void);
void vantage_hints_free(struct vantage_hints *h);

/* "192.0.2.1", "192.0.2.0/24", "2001:db8::/32". FALSE and error when it is none of these. */
gboolean vantage_hints_tell(struct vantage_hints *h, const char *address_or_cidr, GError **error);
/* The same, parsed: a prefix of the 16-byte form. */
void vantage_hints_tell_net(struct vantage_hints *h, const uint8_t address[16], unsigned prefix);
/* An address of the capturing interface, from the file; IPv4 as ::ffff:a.b.c.d. */
void vantage_hints_interface(struct vantage_hints *h, const uint8_t address[16]);

/* What one connection shows of it. Looking learns for connections that show less: what is learnt is kept apart until the
 * round is over, because several threads look at a time. */
struct vantage {
	uint8_t where;    /* enum hangup_vantage */
	uint8_t by;       /* enum hangup_vantage_by */
	bool is_settled;  /* others cannot tell more */
};
enum { VANTAGE_LEARNT_MAX = 16 }; /* a capturing host has few addresses: a capture that shows more was taken elsewhere */
struct vantage_learnt {
	uint8_t address[VANTAGE_LEARNT_MAX + 1][16];
	unsigned addresses_len;
};

/* Looks at the connection's own signs. */
struct vantage vantage_look(const struct connection *c, const struct vantage_hints *h, struct vantage_learnt *learnt);
/* Hands over what was learnt, and empties it. */
void vantage_hints_learn(struct vantage_hints *h, struct vantage_learnt *learnt);
/* What the connection itself showed, or else what others have shown until now. */
struct vantage vantage_settle(struct vantage seen, const struct connection *c, const struct vantage_hints *h);

#endif
