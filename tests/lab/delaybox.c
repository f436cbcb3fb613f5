/*
 * delaybox: the wires of the laboratory.
 *
 *   delaybox IF IF [IF IF ...]
 *
 * Each pair of interfaces is one cable. Frames that enter at one end leave at the other after a delay, and
 * may be lost, by chance or by rule. Pair n has two pipes: 2n from the first interface to the second, and
 * 2n+1 back. Orders come on standard input, one a line, and each is answered by "ok":
 *
 *   PIPE KEY VALUE       see struct pipe for the keys
 *
 * The program ends with its standard input, so it can never outlive the one who started it.
 *
 * A cable has no checksum offload and no frame larger than the MTU. Frames are therefore taken with the
 * kernel's virtio header, which tells what the sender's card was asked to do, and that work is done here
 * (see wire.c). So a capture on a host shows what captures on hosts show, and one in the middle does not.
 */
#define _GNU_SOURCE
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PIPES_MAX = 8, NS_PER_US = 1000, QUEUE_BYTES_MAX = 64 << 20 };

/* A frame on its way. */
struct frame {
    struct frame *next;
    uint64_t due_ns;
    size_t bytes;
    uint8_t data[];
};

/* One direction of a cable, and the orders it was given. */
struct pipe {
    int in_fd, out_fd;
    struct frame *first;      /* by due time */
    size_t queued_bytes;
    long delay_us;
    long jitter_us;           /* up to this much more, frame by frame; may overtake */
    long loss_ppm;            /* lost by chance */
    long drop;                /* 1: lose everything */
    long max_len;             /* lose IP packets larger than this; 0: none */
    long hops;                /* routers that this cable stands for: subtracted from TTL */
    long lose_flags;          /* lose TCP segments with any of these flags, ... */
    long lose_bare;           /* ... or, if 1, segments with neither data nor SYN, FIN, RST */
    long lose_count;          /* how many of those to lose; -1: for ever */
};

static struct pipe pipes[PIPES_MAX];
static int pipe_count;

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "delaybox: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int open_interface(const char *name)
{
    int one = 1;
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    int fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0)
        die("socket");
    if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof one) ||
        setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one))
        die("setsockopt");
    address.sll_ifindex = (int)if_nametoindex(name);
    if (address.sll_ifindex == 0 || bind(fd, (struct sockaddr *)&address, sizeof address))
        die(name);
    return fd;
}

/* Whether an order says that this frame is lost. */
static int is_lost(struct pipe *pipe, const uint8_t *data, size_t bytes, unsigned gso_size)
{
    struct wire_view view = wire_look(data, bytes);
    if (pipe->drop)
        return 1;
    if (pipe->loss_ppm && random() % 1000000 < pipe->loss_ppm)
        return 1;
    if (pipe->max_len && view.ip_bytes &&
        (long)(gso_size ? view.header_bytes + gso_size : view.ip_bytes) > pipe->max_len)
        return 1;
    if (pipe->lose_count && view.is_tcp &&
        ((view.flags & pipe->lose_flags) || (pipe->lose_bare && view.is_bare))) {
        pipe->lose_count -= pipe->lose_count > 0;
        return 1;
    }
    return 0;
}

/* Puts one frame, as it would be on a cable, on its way. */
static void enqueue(void *context, const uint8_t *data, size_t bytes)
{
    struct pipe *pipe = context;
    struct frame **at = &pipe->first;
    struct frame *frame;
    if (pipe->queued_bytes + bytes > QUEUE_BYTES_MAX || !(frame = malloc(sizeof *frame + bytes)))
        return;
    memcpy(frame->data, data, bytes);
    wire_pass_hops(frame->data, bytes, (unsigned)pipe->hops);
    frame->bytes = bytes;
    frame->due_ns = now_ns() + (uint64_t)pipe->delay_us * NS_PER_US;
    if (pipe->jitter_us)
        frame->due_ns += (uint64_t)(random() % pipe->jitter_us) * NS_PER_US;
    while (*at && (*at)->due_ns <= frame->due_ns)
        at = &(*at)->next;
    frame->next = *at;
    *at = frame;
    pipe->queued_bytes += bytes;
}

static void take_frames(struct pipe *pipe)
{
    static uint8_t buffer[sizeof(struct virtio_net_hdr) + WIRE_FRAME_MAX];
    const size_t head = sizeof(struct virtio_net_hdr);
    ssize_t got;
    while ((got = recv(pipe->in_fd, buffer, sizeof buffer, MSG_DONTWAIT)) > (ssize_t)head) {
        struct virtio_net_hdr offload;
        size_t bytes = (size_t)got - head;
        memcpy(&offload, buffer, head);
        if (!is_lost(pipe, buffer + head, bytes, offload.gso_type ? offload.gso_size : 0))
            wire_finish(&offload, buffer + head, bytes, enqueue, pipe);
    }
}

static void deliver(struct pipe *pipe)
{
    uint64_t now = now_ns();
    while (pipe->first && pipe->first->due_ns <= now) {
        struct frame *frame = pipe->first;
        uint8_t buffer[sizeof(struct virtio_net_hdr) + WIRE_FRAME_MAX] = {0};
        memcpy(buffer + sizeof(struct virtio_net_hdr), frame->data, frame->bytes);
        if (send(pipe->out_fd, buffer, sizeof(struct virtio_net_hdr) + frame->bytes, 0) < 0 &&
            errno != ENETDOWN && errno != ENOBUFS)
            perror("delaybox: send");
        pipe->first = frame->next;
        pipe->queued_bytes -= frame->bytes;
        free(frame);
    }
}

static long *order_key(struct pipe *pipe, const char *key)
{
    const struct { const char *name; long *value; } keys[] = {
        {"delay_us", &pipe->delay_us},     {"jitter_us", &pipe->jitter_us}, {"loss_ppm", &pipe->loss_ppm},
        {"drop", &pipe->drop},             {"max_len", &pipe->max_len},     {"hops", &pipe->hops},
        {"lose_flags", &pipe->lose_flags}, {"lose_bare", &pipe->lose_bare}, {"lose_count", &pipe->lose_count},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].name, key) == 0)
            return keys[i].value;
    return NULL;
}

static void obey(const char *line)
{
    int index;
    char key[16];
    long value, *where;
    if (sscanf(line, "%d %15s %ld", &index, key, &value) != 3 || index < 0 || index >= pipe_count ||
        !(where = order_key(&pipes[index], key))) {
        printf("what? %s", line);
    } else {
        *where = value;
        puts("ok");
    }
    fflush(stdout);
}

/* Standard input is read raw, line by line, because a buffered stream and poll() do not mix. */
static void take_orders(void)
{
    static char line[256];
    static size_t used;
    ssize_t got = read(STDIN_FILENO, line + used, sizeof line - 1 - used);
    char *end;
    if (got <= 0)
        exit(0);
    used += (size_t)got;
    line[used] = '\0';
    while ((end = strchr(line, '\n'))) {
        *end = '\0';
        obey(line);
        used -= (size_t)(end + 1 - line);
        memmove(line, end + 1, used + 1);
    }
    if (used == sizeof line - 1)
        used = 0;
}

/* Sleeps until something arrives or the next frame is due. */
static void wait_for_work(struct pollfd *fds)
{
    uint64_t next = UINT64_MAX, now = now_ns();
    struct timespec left;
    for (int i = 0; i < pipe_count; i++)
        if (pipes[i].first && pipes[i].first->due_ns < next)
            next = pipes[i].first->due_ns;
    left.tv_sec = next > now ? (time_t)((next - now) / 1000000000u) : 0;
    left.tv_nsec = next > now ? (long)((next - now) % 1000000000u) : 0;
    if (ppoll(fds, (nfds_t)pipe_count + 1, next == UINT64_MAX ? NULL : &left, NULL) < 0 && errno != EINTR)
        die("poll");
}

static void open_cables(int count, char **names)
{
    int fds[PIPES_MAX];
    if (count < 2 || count % 2 || count > PIPES_MAX) {
        fputs("usage: delaybox IF IF [IF IF ...]\n", stderr);
        exit(2);
    }
    for (int i = 0; i < count; i++)
        fds[i] = open_interface(names[i]);
    for (int i = 0; i < count; i++) {
        pipes[i].in_fd = fds[i];
        pipes[i].out_fd = fds[i ^ 1];
    }
    pipe_count = count;
}

int main(int argc, char **argv)
{
    struct pollfd fds[PIPES_MAX + 1];
    srandom((unsigned)getpid());
    open_cables(argc - 1, argv + 1);
    for (int i = 0; i < pipe_count; i++)
        fds[i] = (struct pollfd){.fd = pipes[i].in_fd, .events = POLLIN};
    fds[pipe_count] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    puts("ready");
    fflush(stdout);
    for (;;) {
        wait_for_work(fds);
        if (fds[pipe_count].revents)
            take_orders();
        for (int i = 0; i < pipe_count; i++) {
            take_frames(&pipes[i]);
            deliver(&pipes[i]);
        }
    }
}
