/* Which operating system family sent a SYN or SYN-ACK, from TTL, window and the order of options: in the manner of
 * p0f, with families only. A guess; a proxy shows its own. */
#ifndef ANALYZERS_OS_H
#define ANALYZERS_OS_H

#include <stdint.h>

#include <hangup/rule.h>

#include "capture/segment.h"

enum hangup_os os_guess(const struct segment *syn);

/* The TTL a packet most likely started with: the next of 32, 64, 128, 255. */
uint8_t os_initial_ttl(uint8_t ttl);

/* How far the TTL of a RST lies from that of the sender's other packets; 0 when the way or a habit explains it: a program
 * may have set a TTL of its own (255, or 1 for a neighbour), while its kernel's RST begins with the system's, lower one,
 * and then it is the hops that must agree. */
int os_ttl_difference(uint8_t rst, uint8_t own);

#endif
