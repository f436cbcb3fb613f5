/* Invented addresses in the place of real ones, and the rest of what names people and machines left out.
 *
 * Addresses are mapped one to one and keep their prefixes (the idea of Crypto-PAn, Xu, Fan, Ammar and Moon 2002): two that
 * share their first n bits share n bits afterwards, so that networks stay networks. Which bits are turned is a keyed
 * function of the bits before them, HMAC-SHA256: the same key gives the same addresses, in any run and any order. What
 * an address is good for stays: loopback, "this host" and broadcast as they are; link-local, private and shared ranges,
 * unique local, global unicast and multicast within their ranges. So nothing is mapped from outside into one of those
 * ranges, which costs the bits that an address shares with one (docs/decisions/0016-anonymizing.md).
 *
 * It is used by one thread at a time. Memory is bounded: what was mapped before is remembered as far as that is cheap. */
#ifndef CAPTURE_ANONYMIZER_H
#define CAPTURE_ANONYMIZER_H

#include <stddef.h>
#include <stdint.h>

#include "capture/segment.h"

enum { ANONYMIZER_KEY_MIN = 16, ANONYMIZER_KEY_BYTES = 32 };
/* What is left of a segment's payload. */
enum { ANONYMIZER_ROOM = 64 };
/* Written in the place of what a RST gave as its reason: whether there was one tells something, its words may tell too
 * much. */
#define ANONYMIZER_WITHHELD "(withheld)"

struct anonymizer;

/* The key is copied; of any length, at least ANONYMIZER_KEY_MIN. */
struct anonymizer *anonymizer_new(const uint8_t *key, size_t key_len);
void anonymizer_free(struct anonymizer *a);

/* IPv4 as ::ffff:a.b.c.d, which it stays. out may be address. */
void anonymizer_address(struct anonymizer *a, const uint8_t address[16], uint8_t out[16]);
/* Locally administered ones; nobody and everybody stay, and groups stay groups. out may be mac. */
void anonymizer_mac(struct anonymizer *a, const uint8_t mac[6], uint8_t out[6]);

/* Maps all addresses in a segment that was decoded, and whole (no SEGMENT_FRAGMENT). Its bytes are replaced by what
 * excerpt.h keeps of the payload, in room, which must live as long as they are asked for; its checksum is judged before. */
void anonymizer_segment(struct anonymizer *a, struct segment *s, uint8_t room[ANONYMIZER_ROOM]);

#endif
