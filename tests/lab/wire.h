/* What a real network card and cable do to a frame: finish checksums, cut super-packets, age the TTL. */
#ifndef LAB_WIRE_H
#define LAB_WIRE_H

#include <linux/virtio_net.h>
#include <stddef.h>
#include <stdint.h>

enum { WIRE_FRAME_MAX = 14 + 65535 };

/* The little that the loss rules need to know about an Ethernet frame; all zero if it is not IP. */
struct wire_view {
    size_t ip_bytes;       /* whole IP packet */
    size_t header_bytes;   /* IP and TCP headers */
    int is_tcp;
    int is_bare;           /* TCP with neither data nor SYN, FIN or RST: an acknowledgement */
    unsigned flags;        /* TCP flags */
};

typedef void wire_sink(void *context, const uint8_t *data, size_t bytes);

struct wire_view wire_look(const uint8_t *data, size_t bytes);

/* Does what the sender left to the card, and hands every resulting frame to sink. Changes data. */
void wire_finish(const struct virtio_net_hdr *offload, uint8_t *data, size_t bytes, wire_sink *sink,
                 void *context);

/* Subtracts hops from the TTL, unless nothing would be left or the packet is for this link only. */
void wire_pass_hops(uint8_t *data, size_t bytes, unsigned hops);

#endif
