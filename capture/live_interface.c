#include "capture/live_interface.h"

#include <string.h>

#ifdef G_OS_WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#else
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

#include "capture/dlt.h"
#include "capture/packet_socket.h"
#include "capture/source.h"

bool live_interface_exists(const char *name)
{
	return strcmp(name, "any") == 0 || if_nametoindex(name) != 0;
}

/* Of what libpcap lists, what packets of IP come from: not Bluetooth, a message bus, USB or the firewall's log. */
static bool is_network(const char *name)
{
#ifdef G_OS_WIN32
	(void)name;
	return true;
#else
	return live_interface_exists(name);
#endif
}

/* --- opening ------------------------------------------------------------------------------------------- */

static const char LACKS_RIGHT[] = "capturing takes a right that this user lacks; run it with sudo";
static const char GRANT_IT[] =
	"capturing takes a right that this user lacks; run it with sudo, or grant it to the program once: ";

static const char *what_to_do(int status, const char *grant)
{
	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
#ifdef PCAP_ERROR_PROMISC_PERM_DENIED
	case PCAP_ERROR_PROMISC_PERM_DENIED:
#endif
		return grant ? GRANT_IT : LACKS_RIGHT;
	case PCAP_ERROR_NO_SUCH_DEVICE: return "there is no such interface; hangup live --list lists them";
	case PCAP_ERROR_IFACE_NOT_UP: return "it is not up";
	default: return NULL;
	}
}

static void set_failed(const struct live_interface_options *options, int status, const char *detail, GError **error)
{
	const char *advice = what_to_do(status, options->grant);

	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_OPEN, "%s: cannot be captured on: %s%s", options->name,
	            advice ? advice : detail && *detail ? detail : pcap_statustostr(status),
	            advice == GRANT_IT ? options->grant : "");
}

/* Wishes that a system cannot grant are no failure. */
static void ask_for(pcap_t *p, const struct live_interface_options *options)
{
	pcap_set_snaplen(p, (int)options->snaplen);
	pcap_set_promisc(p, options->promiscuous);
	pcap_set_timeout(p, LIVE_TIMEOUT_MS);
	pcap_set_immediate_mode(p, options->immediate);
	pcap_set_buffer_size(p, (int)options->buffer_bytes);
	pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
}

static gboolean set_filter(pcap_t *p, const struct live_interface_options *options, GError **error)
{
	struct bpf_program code;
	bool set;

	if (!options->filter)
		return TRUE;
	set = pcap_compile(p, &code, options->filter, 1, PCAP_NETMASK_UNKNOWN) == 0;
	if (set) {
		set = pcap_setfilter(p, &code) == 0;
		pcap_freecode(&code);
	}
	if (!set)
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_FILTER, "%s: the filter \"%s\" does not work here: %s",
		            options->name, options->filter, pcap_geterr(p));
	return set;
}

static gboolean start(pcap_t *p, const struct live_interface_options *options, GError **error)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	int status;

	ask_for(p, options);
	status = pcap_activate(p);
	if (status < 0) {
		set_failed(options, status, pcap_geterr(p), error);
		return FALSE;
	}
	/* Of all interfaces together, the newer header says which way a packet went, and on which of them. */
	if (strcmp(options->name, "any") == 0 && pcap_set_datalink(p, DLT_LINUX_SLL2) != 0)
		pcap_set_datalink(p, DLT_LINUX_SLL);
	if (!set_filter(p, options, error))
		return FALSE;
	if (pcap_setnonblock(p, 1, reason) == 0)
		return TRUE;
	set_failed(options, PCAP_ERROR, reason, error);
	return FALSE;
}

static gboolean check_network(const struct live_interface_options *options, GError **error)
{
	if (is_network(options->name))
		return TRUE;
	set_failed(options, PCAP_ERROR, "it is no network interface, and carries no TCP; hangup live --list lists those that are",
	           error);
	return FALSE;
}

gboolean live_interface_open(struct live_interface *i, const struct live_interface_options *options, GError **error)
{
	char reason[PCAP_ERRBUF_SIZE] = "";
	pcap_t *p = pcap_create(options->name, reason);

	i->fd = -1;
	if (!p) {
		set_failed(options, PCAP_ERROR, reason, error);
		return FALSE;
	}
	if (!start(p, options, error) || !check_network(options, error)) {
		pcap_close(p);
		return FALSE;
	}
	i->handle = p;
	i->fd = pcap_get_selectable_fd(p);
	i->kind = packet_socket_kind(i->fd, options->name);
	i->linktype = dlt_to_linktype(pcap_datalink(p));
	i->nanoseconds = pcap_get_tstamp_precision(p) == PCAP_TSTAMP_PRECISION_NANO;
	return TRUE;
}

void live_interface_close(struct live_interface *i)
{
	g_clear_pointer(&i->handle, pcap_close);
	i->fd = -1;
}

void live_interface_lose(struct live_interface *i)
{
	live_interface_count(i);
	i->fd = -1;
}

/* --- counters ------------------------------------------------------------------------------------------ */

/* libpcap's counters are unsigned int and wrap: what they moved by is added. */
static void add_moved(uint64_t *count, unsigned *seen, unsigned now)
{
	*count += now - *seen;
	*seen = now;
}

void live_interface_count(struct live_interface *i)
{
	struct pcap_stat stat;

	if (!i->handle || pcap_stats(i->handle, &stat) != 0)
		return;
	add_moved(&i->received, &i->seen_received, stat.ps_recv);
	add_moved(&i->dropped, &i->seen_dropped, stat.ps_drop);
	add_moved(&i->dropped_by_card, &i->seen_dropped_by_card, stat.ps_ifdrop);
}

/* Another interface's card counts from anew: what the handle makes of that is no loss. */
static void begin_counting(struct live_interface *i)
{
	const uint64_t received = i->received, dropped = i->dropped, by_card = i->dropped_by_card;

	live_interface_count(i);
	i->received = received;
	i->dropped = dropped;
	i->dropped_by_card = by_card;
}

/* --- one that comes back -------------------------------------------------------------------------------- */

gboolean live_interface_take_up(struct live_interface *i, const struct live_interface_options *options, GError **error)
{
	const int fd = pcap_get_selectable_fd(i->handle);

	if (!packet_socket_bind(fd, options->name, i->kind, options->promiscuous, error))
		return FALSE;
	i->fd = fd;
	begin_counting(i);
	return TRUE;
}

/* --- what the system says of it ------------------------------------------------------------------------- */

bool live_interface_address(const struct sockaddr *from, uint8_t out[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (from && from->sa_family == AF_INET) {
		memcpy(out, mapped, sizeof mapped);
		memcpy(out + sizeof mapped, &((const struct sockaddr_in *)(gconstpointer)from)->sin_addr, 4);
		return true;
	}
	if (from && from->sa_family == AF_INET6) {
		memcpy(out, &((const struct sockaddr_in6 *)(gconstpointer)from)->sin6_addr, 16);
		return true;
	}
	return false;
}

static void add_addresses(const pcap_if_t *device, struct interface_record *record)
{
	uint8_t address[16];

	for (const pcap_addr_t *a = device->addresses; a; a = a->next)
		if (live_interface_address(a->addr, address))
			interface_record_add_address(record, address);
}

void live_interface_describe(const char *name, struct interface_record *record)
{
	char reason[PCAP_ERRBUF_SIZE];
	pcap_if_t *devices = NULL;
	bool all = strcmp(name, "any") == 0;

	if (pcap_findalldevs(&devices, reason) != 0)
		return;
	for (const pcap_if_t *d = devices; d; d = d->next) {
		if (all || strcmp(d->name, name) == 0)
			add_addresses(d, record);
		if (strcmp(d->name, name) == 0 && d->description && !record->seen.description)
			record->seen.description = g_strdup(d->description);
	}
	pcap_freealldevs(devices);
}

static void visit_one(const pcap_if_t *device, live_interface_fn visit, void *user)
{
	struct interfaces alone;
	struct interface_record *r;

	interfaces_init(&alone);
	r = interfaces_add(&alone, 0, 0);
	add_addresses(device, r);
	visit(device->name, device->description, device->flags & PCAP_IF_UP, &r->seen, user);
	interfaces_clear(&alone);
}

gboolean live_interface_each(live_interface_fn visit, void *user, GError **error)
{
	char reason[PCAP_ERRBUF_SIZE];
	pcap_if_t *devices = NULL;

	if (pcap_findalldevs(&devices, reason) != 0) {
		g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_OPEN, "the interfaces cannot be listed: %s", reason);
		return FALSE;
	}
	for (const pcap_if_t *d = devices; d; d = d->next)
		if (is_network(d->name))
			visit_one(d, visit, user);
	pcap_freealldevs(devices);
	return TRUE;
}
