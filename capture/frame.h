/* One captured frame, borrowed from the source it came from: the first arrow of the pipeline. */
#ifndef CAPTURE_FRAME_H
#define CAPTURE_FRAME_H

#include <stdint.h>

/* Which way a frame went, as the capturing host marked it (pcapng epb_flags; cooked headers say it later). */
enum frame_direction { FRAME_DIRECTION_UNKNOWN, FRAME_INBOUND, FRAME_OUTBOUND };

struct frame {
	uint64_t number;      /* place in the file from 1, as Wireshark counts: every packet block counts; of several
	                         files, with the file's index above it (hangup/packet_number.h) */
	int64_t time_ns;      /* since 1970-01-01 UTC; the previous frame's when the format has none */
	const uint8_t *bytes; /* borrowed until the next source_next_batch() on the same source */
	uint32_t bytes_len;   /* captured length */
	uint32_t wire_len;    /* length on the wire, at least bytes_len */
	uint16_t linktype;    /* LINKTYPE_ value of the interface, after masking */
	uint16_t interface;   /* index into source_interface(), over all sections and files */
	uint8_t direction;    /* enum frame_direction */
	uint8_t fcs_len;      /* bytes of frame check sequence at the end, if the file says so */
};

#endif
