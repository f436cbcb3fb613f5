/* The interfaces of this host by the number that its kernel gives them: frames of all of them together ("any") carry it in
 * their header. Each is looked up when its first frame comes, for later it may be gone; so what is known of one stays
 * known. Where no such frames are (not on Linux), none is known. */
#ifndef CAPTURE_HOST_INTERFACES_H
#define CAPTURE_HOST_INTERFACES_H

#include <stdint.h>

#include "capture/source.h"

struct host_interfaces;

/* Link type, snap length and filter are what they are captured on with, and `any` says them: borrowed for good. */
struct host_interfaces *host_interfaces_new(const struct interface *any);
void host_interfaces_free(struct host_interfaces *h);

/* A frame of that one came. */
void host_interfaces_note(struct host_interfaces *h, uint32_t number);
/* Addresses come and go, and names change: asks the system for all of them again, when that was a while ago. About once a
 * second. */
void host_interfaces_refresh(struct host_interfaces *h);
/* NULL when the system did not know it. Valid until the next of the two. */
const struct interface *host_interfaces_get(const struct host_interfaces *h, uint32_t number);

#endif
