/* A pcapng interface description: what it tells people goes into an interface record, what reading its
 * packets needs stays here. */
#ifndef CAPTURE_PCAPNG_INTERFACE_H
#define CAPTURE_PCAPNG_INTERFACE_H

#include <stdint.h>

#include "capture/cursor.h"
#include "capture/interfaces.h"
#include "capture/timescale.h"

struct pcapng_interface {
	struct timescale time;
	uint32_t snaplen; /* with "no limit" as a number */
	uint32_t max_len; /* a packet that claims more than this is damage */
	uint16_t linktype;
	uint16_t index;   /* over all sections */
	uint8_t fcs_len;  /* bytes */
};

enum pcapng_interface_result { INTERFACE_READ, INTERFACE_SHORT, INTERFACE_TOO_MANY };

/* Reads the body of an interface description block and adds it to all. */
enum pcapng_interface_result pcapng_interface_read(struct pcapng_interface *out, struct cursor body,
                                                   enum byte_order order, struct interfaces *all);

/* Reads the options of an interface statistics block. */
void pcapng_interface_read_statistics(struct interface_record *record, struct cursor options,
                                      enum byte_order order);

#endif
