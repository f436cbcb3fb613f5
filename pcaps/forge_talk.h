/* Whole sentences: what two ends do, packet after packet. Each begins at the story's present moment and, unless
 * it says otherwise, ends when the other end has heard it, so that a story reads like a conversation. */
#ifndef PCAPS_FORGE_TALK_H
#define PCAPS_FORGE_TALK_H

#include <stddef.h>

#include "pcaps/forge_conn.h"

/* Handshake; the client goes on at once. */
void talk_open(struct conn *c);
/* The rest of the handshake, once the SYN has arrived. */
void talk_accept(struct conn *c);
/* Data in full segments, acknowledged. */
void talk_say(struct conn *c, enum side from, size_t len);
void talk_say_bytes(struct conn *c, enum side from, const void *bytes, size_t len);
/* Client asks, server answers 3 ms later, client acknowledges and goes on at once. */
void talk_exchange(struct conn *c, size_t request, size_t answer);
/* FIN and its acknowledgement. */
void talk_fin(struct conn *c, enum side from);
/* Both FINs, `first` first. */
void talk_close(struct conn *c, enum side first);

/* --- unheard: the path is broken behind the capture point, or before it (end.unseen) --------------- */

/* Repeats the last segment `times` times, waiting as the sender's stack does, but nobody hears. */
void talk_insist(struct conn *c, enum side from, unsigned times);
/* Repeats the last segment until the stack gives up, in its own way, unheard as well. */
void talk_give_up(struct conn *c, enum side from);

#endif
