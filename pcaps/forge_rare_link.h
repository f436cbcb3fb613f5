/* Link headers that are seldom met: what link_append() of forge_link.h does not write itself. */
#ifndef PCAPS_FORGE_RARE_LINK_H
#define PCAPS_FORGE_RARE_LINK_H

#include "pcaps/forge_link.h"

void rare_link_append(const struct link *link, const struct packet *p, const struct wrapped *wrapped, GByteArray *out);

#endif
