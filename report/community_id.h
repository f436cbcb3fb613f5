/* Community ID, version 1, seed 0: the same string for the same connection in Zeek, Suricata, Arkime and
 * others, so that records can be joined. */
#ifndef REPORT_COMMUNITY_ID_H
#define REPORT_COMMUNITY_ID_H

#include <glib.h>

#include "analyzers/facts.h"

enum { COMMUNITY_ID_LEN = 30 }; /* "1:" and 28 characters of base64 */

/* Writes COMMUNITY_ID_LEN characters and a terminating zero. sum is any SHA-1 checksum: it begins anew. */
void community_id_write(char out[COMMUNITY_ID_LEN + 1], const struct facts *f, GChecksum *sum);

#endif
