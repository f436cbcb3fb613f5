/* Each interface has a queue of the frames that were read from it last. The one with the earliest head is handed out
 * next, and none before every interface that has something was asked: then the merge is as exact as the stamps. */
#include "capture/live.h"

#include <string.h>

#include "capture/host_interfaces.h"
#include "capture/linktype.h"
#include "capture/live_interface.h"
#include "capture/source.h"

enum { QUEUE = 64 }; /* frames: read from an interface at a time */
/* Of all interfaces together frames have a header that says which one it was, in network order (LINKTYPE_LINUX_SLL2). */
enum { SLL2_INTERFACE_AT = 4, SLL2_INTERFACE_END = 8 };

struct channel {
	struct live *live;
	char *name;
	struct live_interface interface;
	size_t record;     /* of the live's interfaces */
	bool told_denied;  /* it is back, but not for us */
	struct frame queue[QUEUE];
	size_t at, len;
};

struct live {
	struct live_interface_options opening; /* name filled in */
	char *filter, *grant;
	live_stamp_fn stamp;
	live_tell_fn tell;
	void *user;
	GPtrArray *channels; /* struct channel, owned */
	struct interfaces interfaces;
	struct host_interfaces *host; /* behind "any"; NULL without it */
	struct packet_ring *ring;
	GPollFD fds[LIVE_INTERFACES_MAX];
	uint64_t frames, bytes;
	uint64_t frames_most; /* UINT64_MAX without a bound */
};

/* --- opening ------------------------------------------------------------------------------------------- */

static void channel_free(gpointer data)
{
	struct channel *c = data;

	live_interface_close(&c->interface);
	g_free(c->name);
	g_free(c);
}

static gboolean channel_open(struct channel *c, GError **error)
{
	c->live->opening.name = c->name;
	return live_interface_open(&c->interface, &c->live->opening, error);
}

static void channel_describe(struct channel *c)
{
	struct interface_record *r =
		interfaces_add(&c->live->interfaces, c->interface.linktype, c->live->opening.snaplen);

	g_assert(r != NULL);
	r->seen.name = g_strdup(c->name);
	r->seen.filter = g_strdup(c->live->filter);
	c->record = interfaces_len(&c->live->interfaces) - 1;
	live_interface_describe(c->name, r);
	if (c->interface.linktype == LINKTYPE_LINUX_SLL2 && !c->live->host)
		c->live->host = host_interfaces_new(&r->seen);
}

static gboolean add_channel(struct live *l, const char *name, GError **error)
{
	struct channel *c = g_new0(struct channel, 1);

	c->live = l;
	c->name = g_strdup(name);
	g_ptr_array_add(l->channels, c);
	if (!channel_open(c, error))
		return FALSE;
	channel_describe(c);
	return TRUE;
}

static gboolean add_channels(struct live *l, const struct live_options *options, GError **error)
{
	for (const char *const *name = options->interfaces; *name; name++)
		if (!add_channel(l, *name, error))
			return FALSE;
	return TRUE;
}

struct live *live_open(const struct live_options *options, GError **error)
{
	struct live *l = g_new0(struct live, 1);
	const size_t count = g_strv_length((char **)(gpointer)(uintptr_t)options->interfaces);

	g_assert(count > 0 && count <= LIVE_INTERFACES_MAX);
	l->filter = g_strdup(options->filter);
	l->grant = g_strdup(options->grant);
	l->opening = (struct live_interface_options){.filter = l->filter, .grant = l->grant, .snaplen = options->snaplen,
	                                             .buffer_bytes = MIN(options->buffer_bytes, LIVE_BUFFER_MOST),
	                                             .promiscuous = options->promiscuous, .immediate = count > 1};
	l->frames_most = options->frames_most > 0 ? options->frames_most : UINT64_MAX;
	l->stamp = options->stamp;
	l->tell = options->tell;
	l->user = options->user;
	l->channels = g_ptr_array_new_with_free_func(channel_free);
	interfaces_init(&l->interfaces);
	/* What is in the queues, and the batch that was handed out of them before. */
	l->ring = packet_ring_new(MAX(options->ring_bytes, packet_ring_least(2 * count * QUEUE, options->snaplen)));
	if (add_channels(l, options, error))
		return l;
	live_free(l);
	return NULL;
}

void live_free(struct live *l)
{
	if (!l)
		return;
	g_ptr_array_unref(l->channels);
	host_interfaces_free(l->host);
	interfaces_clear(&l->interfaces);
	packet_ring_free(l->ring);
	g_free(l->filter);
	g_free(l->grant);
	g_free(l);
}

static void tell(const struct channel *c, enum live_event event, const GError *why)
{
	if (c->live->tell)
		c->live->tell(event, c->name, why, c->live->user);
}

/* --- reading ------------------------------------------------------------------------------------------- */

/* 0: it does not say, or it cannot be known what that would be. */
static uint32_t host_number(const struct live *l, const struct frame *f)
{
	uint32_t number = 0;

	if (l->host && f->linktype == LINKTYPE_LINUX_SLL2 && f->bytes_len >= SLL2_INTERFACE_END)
		memcpy(&number, f->bytes + SLL2_INTERFACE_AT, sizeof number);
	return GUINT32_FROM_BE(number);
}

static void take_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct channel *c = (struct channel *)(gpointer)user;
	struct live *l = c->live;
	struct frame *f = &c->queue[c->len++];
	int64_t stamp_ns = live_interface_stamp(&c->interface, header);

	*f = (struct frame){
		.number = ++l->frames,
		.time_ns = l->stamp ? l->stamp(stamp_ns, l->user) : stamp_ns,
		.bytes = bytes,
		.bytes_len = MIN(header->caplen, l->opening.snaplen),
		.wire_len = MAX(header->len, header->caplen),
		.linktype = c->interface.linktype,
		.interface = (uint16_t)c->record,
	};
	if (l->host)
		host_interfaces_note(l->host, host_number(l, f));
	f->bytes = packet_ring_add(l->ring, f);
	l->bytes += f->wire_len;
}

static void lose(struct channel *c, const char *why)
{
	g_autoptr(GError) error = g_error_new(SOURCE_ERROR, SOURCE_ERROR_READ, "%s: %s", c->name, why);

	live_interface_lose(&c->interface);
	c->told_denied = false;
	tell(c, LIVE_GONE, error);
}

/* Of one that went away, too: the kernel hands over what it had gathered a moment later. */
static void refill(struct channel *c)
{
	const uint64_t left = c->live->frames_most - c->live->frames;

	if (c->at < c->len || left == 0)
		return;
	c->at = c->len = 0;
	if (pcap_dispatch(c->interface.handle, (int)MIN(QUEUE, left), take_packet, (u_char *)(gpointer)c) == PCAP_ERROR &&
	    !live_interface_is_gone(&c->interface))
		lose(c, pcap_geterr(c->interface.handle));
}

static struct channel *channel_at(const struct live *l, guint i)
{
	return g_ptr_array_index(l->channels, i);
}

static void refill_all(struct live *l)
{
	for (guint i = 0; i < l->channels->len; i++)
		refill(channel_at(l, i));
}

static struct channel *earliest(const struct live *l)
{
	struct channel *first = NULL;

	for (guint i = 0; i < l->channels->len; i++) {
		struct channel *c = channel_at(l, i);

		if (c->at < c->len && (!first || c->queue[c->at].time_ns < first->queue[first->at].time_ns))
			first = c;
	}
	return first;
}

/* Ends where a queue runs out: what comes next there may be earlier than what the others have. */
static size_t merge(struct live *l, struct frame *out_frames, size_t max)
{
	struct channel *c;
	size_t n = 0;

	while (n < max && (c = earliest(l)) != NULL) {
		out_frames[n++] = c->queue[c->at++];
		if (c->at == c->len)
			break;
	}
	return n;
}

static void wait_for_packets(struct live *l, int wait_ms)
{
	guint count = 0;

	for (guint i = 0; i < l->channels->len; i++)
		if (!live_interface_is_gone(&channel_at(l, i)->interface))
			l->fds[count++] = (GPollFD){.fd = channel_at(l, i)->interface.fd, .events = G_IO_IN | G_IO_ERR};
	g_poll(l->fds, count, wait_ms);
}

size_t live_next(struct live *l, struct frame *out_frames, size_t max, int wait_ms)
{
	size_t n;

	refill_all(l);
	n = merge(l, out_frames, max);
	if (n > 0)
		return n;
	wait_for_packets(l, wait_ms);
	refill_all(l);
	return merge(l, out_frames, max);
}

/* --- now and then -------------------------------------------------------------------------------------- */

static void count(struct channel *c)
{
	struct interface_record *r = interfaces_get(&c->live->interfaces, c->record);

	live_interface_count(&c->interface);
	r->seen.received = c->interface.received;
	r->seen.dropped_by_card = c->interface.dropped_by_card;
	interface_record_set_told_dropped(r, c->interface.dropped + c->interface.dropped_by_card);
}

/* That it is not there yet was told when it went. */
static void try_again(struct channel *c)
{
	g_autoptr(GError) error = NULL;

	if (!live_interface_exists(c->name))
		return;
	c->live->opening.name = c->name;
	if (live_interface_take_up(&c->interface, &c->live->opening, &error)) {
		tell(c, LIVE_BACK, NULL);
	} else if (!c->told_denied) {
		c->told_denied = true;
		tell(c, LIVE_DENIED, error);
	}
}

void live_refresh(struct live *l)
{
	for (guint i = 0; i < l->channels->len; i++) {
		struct channel *c = channel_at(l, i);

		if (live_interface_is_gone(&c->interface))
			try_again(c);
		else
			count(c);
	}
	if (l->host)
		host_interfaces_refresh(l->host);
}

const struct interface *live_interface_of(const struct live *l, const struct frame *f)
{
	const uint32_t number = host_number(l, f);
	const struct interface *real = number ? host_interfaces_get(l->host, number) : NULL;

	return real ? real : &interfaces_get(&l->interfaces, f->interface)->seen;
}

const struct interfaces *live_interfaces(const struct live *l)
{
	return &l->interfaces;
}

uint64_t live_frames(const struct live *l)
{
	return l->frames;
}

uint64_t live_dropped(const struct live *l)
{
	return interfaces_add_up(0, &l->interfaces);
}

uint64_t live_dropped_by_cards(const struct live *l)
{
	uint64_t sum = 0;

	for (guint i = 0; i < l->channels->len; i++)
		sum += channel_at(l, i)->interface.dropped_by_card;
	return sum;
}

uint64_t live_bytes(const struct live *l)
{
	return l->bytes;
}

struct packet_ring *live_ring(const struct live *l)
{
	return l->ring;
}
