#include "capture/host_interfaces.h"

#include <ifaddrs.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_packet.h>

#include "capture/interfaces.h"
#include "capture/live_interface.h"

/* Refreshes from one look at the system to the next: seconds. */
enum { REFRESHES_A_LOOK = 10 };
/* A host that makes an interface for each container runs through many numbers: beyond so many, all are forgotten, and
 * those that are still there are known again with their next frame. */
enum { KNOWN_MOST = 4096 };

struct host_interfaces {
	const struct interface *any;
	struct interfaces all;
	GHashTable *by_number; /* struct interface_record, borrowed; NULL of one that the system did not know */
	uint32_t last;         /* the number that was noted last; 0 none */
	unsigned refreshes;
};

struct host_interfaces *host_interfaces_new(const struct interface *any)
{
	struct host_interfaces *h = g_new0(struct host_interfaces, 1);

	h->any = any;
	interfaces_init(&h->all);
	h->by_number = g_hash_table_new(NULL, NULL);
	return h;
}

void host_interfaces_free(struct host_interfaces *h)
{
	if (!h)
		return;
	g_hash_table_unref(h->by_number);
	interfaces_clear(&h->all);
	g_free(h);
}

/* --- what the system says -------------------------------------------------------------------------------- */

static struct interface_record *record_of(struct host_interfaces *h, uint32_t number)
{
	struct interface_record *r = g_hash_table_lookup(h->by_number, GUINT_TO_POINTER(number));

	if (r)
		return r;
	r = interfaces_add(&h->all, h->any->linktype, h->any->snaplen);
	r->seen.filter = g_strdup(h->any->filter);
	g_hash_table_insert(h->by_number, GUINT_TO_POINTER(number), r);
	return r;
}

static struct interface_record *take_link(struct host_interfaces *h, const struct ifaddrs *entry)
{
	const struct sockaddr_ll *link = (const struct sockaddr_ll *)(gconstpointer)entry->ifa_addr;
	struct interface_record *r = record_of(h, (uint32_t)link->sll_ifindex);

	g_free((gpointer)(uintptr_t)r->seen.name);
	r->seen.name = g_strdup(entry->ifa_name);
	g_array_set_size(r->addresses, 0);
	r->seen.addresses_len = 0;
	return r;
}

/* An address may have a label, "eth0:1", which begins with the interface's name; no name has a colon. */
static void take_address(GHashTable *by_name, const struct ifaddrs *entry)
{
	g_autofree char *name = g_strndup(entry->ifa_name, strcspn(entry->ifa_name, ":"));
	struct interface_record *r = g_hash_table_lookup(by_name, name);
	uint8_t address[16];

	if (r && live_interface_address(entry->ifa_addr, address))
		interface_record_add_address(r, address);
}

static bool is_link(const struct ifaddrs *entry)
{
	return entry->ifa_addr && entry->ifa_addr->sa_family == AF_PACKET;
}

static void look(struct host_interfaces *h)
{
	g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
	struct ifaddrs *all = NULL;

	h->refreshes = 0;
	if (getifaddrs(&all) != 0)
		return;
	for (const struct ifaddrs *i = all; i; i = i->ifa_next)
		if (is_link(i) && interfaces_len(&h->all) < INTERFACES_MAX)
			g_hash_table_insert(by_name, i->ifa_name, take_link(h, i));
	for (const struct ifaddrs *i = all; i; i = i->ifa_next)
		if (!is_link(i))
			take_address(by_name, i);
	freeifaddrs(all);
}

/* --- from outside ------------------------------------------------------------------------------------------ */

static void forget_all(struct host_interfaces *h)
{
	g_hash_table_remove_all(h->by_number);
	interfaces_clear(&h->all);
	interfaces_init(&h->all);
}

static void meet(struct host_interfaces *h, uint32_t number)
{
	if (g_hash_table_size(h->by_number) >= KNOWN_MOST)
		forget_all(h);
	look(h);
	if (!g_hash_table_contains(h->by_number, GUINT_TO_POINTER(number)))
		g_hash_table_insert(h->by_number, GUINT_TO_POINTER(number), NULL);
}

void host_interfaces_note(struct host_interfaces *h, uint32_t number)
{
	if (number == h->last)
		return;
	h->last = number;
	if (!g_hash_table_contains(h->by_number, GUINT_TO_POINTER(number)))
		meet(h, number);
}

void host_interfaces_refresh(struct host_interfaces *h)
{
	if (++h->refreshes >= REFRESHES_A_LOOK)
		look(h);
}

const struct interface *host_interfaces_get(const struct host_interfaces *h, uint32_t number)
{
	const struct interface_record *r = g_hash_table_lookup(h->by_number, GUINT_TO_POINTER(number));

	return r ? &r->seen : NULL;
}
