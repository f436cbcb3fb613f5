/* Frames without TCP that explain how connections ended, each at the story's present moment. */
#ifndef PCAPS_FORGE_NOTICE_H
#define PCAPS_FORGE_NOTICE_H

#include <stdint.h>

#include "pcaps/forge_story.h"

/* ARP on Ethernet: who has the address of `whose`? A NULL `to` is everybody. */
void notice_arp_ask(struct story *s, const struct host *from, const struct host *to, const struct host *whose);
void notice_arp_answer(struct story *s, const struct host *from, const struct host *to);
/* DHCP: gives its address back to the server at 192.0.2.254. */
void notice_dhcp_release(struct story *s, const struct host *from);
/* IEEE 802.11, without a header in front: the access point throws a station out, or says that it is there. */
void notice_deauthentication(struct story *s, const struct host *station, uint16_t reason);
void notice_beacon(struct story *s);

#endif
