#include "capture/interfaces.h"

/* Losses are sums of numbers that a file claims: they stop at the largest number instead of wrapping,
 * just below the value that means "not told". */
static uint64_t add_losses(uint64_t a, uint64_t b)
{
	const uint64_t most = UINT64_MAX - 1;
	return b > most - MIN(a, most) ? most : a + b;
}

static void interface_record_free(gpointer data)
{
	struct interface_record *r = data;
	g_free((gpointer)(uintptr_t)r->seen.name);
	g_free((gpointer)(uintptr_t)r->seen.description);
	g_free((gpointer)(uintptr_t)r->seen.filter);
	g_free((gpointer)(uintptr_t)r->seen.os);
	g_array_unref(r->addresses);
	g_free(r);
}

void interfaces_init(struct interfaces *all)
{
	all->records = g_ptr_array_new_with_free_func(interface_record_free);
}

void interfaces_clear(struct interfaces *all)
{
	g_clear_pointer(&all->records, g_ptr_array_unref);
}

struct interface_record *interfaces_add(struct interfaces *all, uint16_t linktype, uint32_t snaplen)
{
	if (all->records->len >= INTERFACES_MAX)
		return NULL;
	struct interface_record *r = g_new0(struct interface_record, 1);
	r->seen.linktype = linktype;
	r->seen.snaplen = snaplen;
	r->seen.received = UINT64_MAX;
	r->seen.dropped = UINT64_MAX;
	r->seen.dropped_by_card = UINT64_MAX;
	r->told_dropped = UINT64_MAX;
	r->addresses = g_array_new(FALSE, FALSE, sizeof(struct interface_address));
	g_ptr_array_add(all->records, r);
	return r;
}

size_t interfaces_len(const struct interfaces *all)
{
	return all->records->len;
}

struct interface_record *interfaces_get(const struct interfaces *all, size_t index)
{
	return g_ptr_array_index(all->records, index);
}

uint64_t interfaces_add_up(uint64_t sum, const struct interfaces *all)
{
	for (size_t i = 0; i < interfaces_len(all); i++) {
		uint64_t dropped = interfaces_get(all, i)->seen.dropped;
		if (dropped != UINT64_MAX)
			sum = add_losses(sum, dropped);
	}
	return sum;
}

void interface_record_add_address(struct interface_record *r, const uint8_t address[16])
{
	g_array_append_vals(r->addresses, address, 1);
	r->seen.addresses = (const struct interface_address *)(gpointer)r->addresses->data;
	r->seen.addresses_len = r->addresses->len;
}

/* Both counts are of the same losses, seen at different places: the larger one missed less. */
static void interface_record_weigh_losses(struct interface_record *r)
{
	bool told = r->told_dropped != UINT64_MAX;
	if (told && r->counts_losses)
		r->seen.dropped = MAX(r->told_dropped, r->lost_between);
	else if (told || r->counts_losses)
		r->seen.dropped = told ? r->told_dropped : r->lost_between;
}

void interface_record_set_told_dropped(struct interface_record *r, uint64_t frames)
{
	r->told_dropped = MIN(frames, UINT64_MAX - 1);
	interface_record_weigh_losses(r);
}

void interface_record_add_lost(struct interface_record *r, uint64_t frames)
{
	r->counts_losses = true;
	r->lost_between = add_losses(r->lost_between, frames);
	interface_record_weigh_losses(r);
}
