#include "capture/anonymous_interfaces.h"

#include <glib.h>

struct anonymous_interface {
	struct interface seen;
	char *name;
	GArray *addresses; /* struct interface_address */
};

struct anonymous_interfaces {
	struct anonymizer *anonymizer;
	GPtrArray *all; /* struct anonymous_interface, owned; by index */
};

static void free_one(gpointer data)
{
	struct anonymous_interface *i = data;
	g_free(i->name);
	g_array_unref(i->addresses);
	g_free(i);
}

struct anonymous_interfaces *anonymous_interfaces_new(struct anonymizer *anonymizer)
{
	struct anonymous_interfaces *all = g_new(struct anonymous_interfaces, 1);
	all->anonymizer = anonymizer;
	all->all = g_ptr_array_new_with_free_func(free_one);
	return all;
}

void anonymous_interfaces_free(struct anonymous_interfaces *all)
{
	if (!all)
		return;
	g_ptr_array_unref(all->all);
	g_free(all);
}

static struct anonymous_interface *find(struct anonymous_interfaces *all, size_t index)
{
	while (all->all->len <= index) {
		struct anonymous_interface *i = g_new0(struct anonymous_interface, 1);
		i->name = g_strdup_printf("interface-%u", all->all->len + 1);
		i->addresses = g_array_new(FALSE, FALSE, sizeof(struct interface_address));
		g_ptr_array_add(all->all, i);
	}
	return g_ptr_array_index(all->all, index);
}

const struct interface *anonymous_interfaces_get(struct anonymous_interfaces *all, size_t index,
                                                 const struct interface *real)
{
	struct anonymous_interface *i = find(all, index);
	g_array_set_size(i->addresses, (guint)real->addresses_len);
	for (size_t at = 0; at < real->addresses_len; at++)
		anonymizer_address(all->anonymizer, real->addresses[at].address,
		                   g_array_index(i->addresses, struct interface_address, at).address);
	i->seen = (struct interface){
		.linktype = real->linktype,
		.snaplen = real->snaplen,
		.name = i->name,
		.addresses = (const struct interface_address *)(gpointer)i->addresses->data,
		.addresses_len = real->addresses_len,
		.received = real->received,
		.dropped = real->dropped,
	};
	return &i->seen;
}
