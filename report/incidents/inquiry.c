#include "report/incidents/inquiry.h"

#include <math.h>
#include <string.h>

#include "analyzers/radix.h"

static const struct {
	enum hangup_severity severity;
	const char *name, *title, *meaning;
} kinds[] = {
#define INCIDENT(id, how, name, title, meaning) {HANGUP_SEVERITY_##how, name, title, meaning},
#include "report/incidents/incident.def"
#undef INCIDENT
};

const char *incident_name(enum incident_kind kind)
{
	return kinds[kind].name;
}

const char *incident_title(enum incident_kind kind)
{
	return kinds[kind].title;
}

const char *incident_meaning(enum incident_kind kind)
{
	return kinds[kind].meaning;
}

enum hangup_severity incident_severity(enum incident_kind kind)
{
	return kinds[kind].severity;
}

/* Which kinds look at what is left, one after the other. docs/incidents.md says why in this order. */
static void (*const finders[])(struct inquiry *q) = {
	find_scans,
	find_health_checks,
	find_path_mtu,
	find_restarts,
	find_outages,
	find_idle_timers,
	find_ports_refused,
	find_refused,
	find_lifetimes,
	find_same_causes,
};

double inquiry_threshold(const struct inquiry *q, enum incident_threshold which)
{
	return q->thresholds[which];
}

int64_t inquiry_threshold_ns(const struct inquiry *q, enum incident_threshold which)
{
	const double ns = q->thresholds[which] * 1e9;

	return ns < (double)INT64_MAX ? (int64_t)ns : INT64_MAX;
}

/* --- order --------------------------------------------------------------------------------------------------- */

static gint by_number(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static struct radix_item *items_new(size_t len)
{
	struct radix_item *items = g_new(struct radix_item, len);

	for (size_t i = 0; i < len; i++)
		items[i].place = (uint32_t)i;
	return items;
}

/* Of either kind: they begin with their meeting. */
struct records {
	const void *first;
	size_t len, size;
};

static const struct meeting *meeting_at(const struct records *r, size_t i)
{
	return (const struct meeting *)(const void *)((const char *)r->first + i * r->size);
}

/* Half of an address, as a number that orders as its bytes do. */
static uint64_t address_word(const struct meeting *m, enum hangup_side side, unsigned word)
{
	uint64_t bytes;

	memcpy(&bytes, m->address[side] + word * sizeof bytes, sizeof bytes);
	return GUINT64_FROM_BE(bytes);
}

static void sort_by_address(const struct records *r, struct radix_item *items, enum hangup_side side)
{
	for (unsigned word = 2; word-- > 0;) {
		for (size_t i = 0; i < r->len; i++)
			items[i].key = address_word(meeting_at(r, items[i].place), side, word);
		radix_sort(items, r->len);
	}
}

static void sort_by_port(const struct records *r, struct radix_item *items)
{
	for (size_t i = 0; i < r->len; i++)
		items[i].key = meeting_at(r, items[i].place)->port[HANGUP_SERVER];
	radix_sort(items, r->len);
}

/* Records are in order of id, and stay so within a host, or a service. */
static uint32_t *places_by_host(const struct records *r, enum hangup_side side)
{
	g_autofree struct radix_item *items = items_new(r->len);
	uint32_t *places = g_new(uint32_t, r->len);

	if (side == HANGUP_SERVER)
		sort_by_port(r, items);
	sort_by_address(r, items, side);
	for (size_t i = 0; i < r->len; i++)
		places[i] = items[i].place;
	return places;
}

/* From here on numbers tell which host comes first. */
static void number_services(struct inquiry *q, const struct records *endings)
{
	g_autofree uint32_t *places = places_by_host(endings, HANGUP_SERVER);

	q->by_service = g_ptr_array_sized_new((guint)q->endings_len);
	for (size_t i = 0; i < q->endings_len; i++) {
		struct ending *e = &q->endings[places[i]];
		const struct ending *before = i > 0 ? &q->endings[places[i - 1]] : e;
		const bool same_server = same_address(before->who.address[HANGUP_SERVER], e->who.address[HANGUP_SERVER]);

		e->server = i > 0 ? before->server + !same_server : 0;
		e->service = i > 0 ? before->service + !same_service(&before->who, &e->who) : 0;
		g_ptr_array_add(q->by_service, e);
	}
}

static void number_clients(struct inquiry *q, const struct records *endings)
{
	g_autofree uint32_t *places = places_by_host(endings, HANGUP_CLIENT);

	for (size_t i = 0; i < q->endings_len; i++) {
		struct ending *e = &q->endings[places[i]];
		const struct ending *before = i > 0 ? &q->endings[places[i - 1]] : e;

		e->client = i > 0 ? before->client + !same_address(before->who.address[HANGUP_CLIENT], e->who.address[HANGUP_CLIENT]) : 0;
	}
}

/* Sorts by id, with few moves of what is large. */
static void sort_by_id(void *records, size_t len, size_t size)
{
	g_autofree char *copy = g_memdup2(records, len * size);
	g_autofree struct radix_item *items = items_new(len);

	for (size_t i = 0; i < len; i++)
		items[i].key = ((const struct meeting *)(const void *)(copy + i * size))->id;
	radix_sort(items, len);
	for (size_t i = 0; i < len; i++)
		memcpy((char *)records + i * size, copy + items[i].place * size, size);
}

/* --- looking up ---------------------------------------------------------------------------------------------- */

/* The first place whose witness is not before this host, or this service when with_port. */
static size_t first_not_before(const struct inquiry *q, const uint32_t *places, enum hangup_side side,
                               const uint8_t address[16], uint32_t port, bool with_port)
{
	size_t low = 0, high = q->witnesses_len;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct meeting *m = &q->witnesses[places[middle]].who;
		gint host = memcmp(m->address[side], address, 16);

		if (host < 0 || (host == 0 && with_port && m->port[side] < port))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first place after all of this host. */
static size_t first_after(const struct inquiry *q, const uint32_t *places, enum hangup_side side,
                          const uint8_t address[16])
{
	return first_not_before(q, places, side, address, (uint32_t)UINT16_MAX + 1, true);
}

void inquiry_of_server(const struct inquiry *q, const uint8_t address[16], uint16_t port, size_t *from, size_t *to)
{
	*from = first_not_before(q, q->by_server, HANGUP_SERVER, address, port, port != 0);
	*to = port ? first_not_before(q, q->by_server, HANGUP_SERVER, address, (uint32_t)port + 1, true)
	           : first_after(q, q->by_server, HANGUP_SERVER, address);
}

void inquiry_of_client(const struct inquiry *q, const uint8_t address[16], size_t *from, size_t *to)
{
	*from = first_not_before(q, q->by_client, HANGUP_CLIENT, address, 0, false);
	*to = first_after(q, q->by_client, HANGUP_CLIENT, address);
}

/* The first place whose ending's number is not below that. */
static guint place_of(const struct inquiry *q, ending_order order, uint64_t number)
{
	guint low = 0, high = q->by_service->len;

	while (low < high) {
		const guint middle = low + (high - low) / 2;

		if (order(ending_at(q->by_service, middle)) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void inquiry_of_service(const struct inquiry *q, const struct ending *e, guint *from, guint *to)
{
	*from = place_of(q, ending_by_service, ending_by_service(e));
	*to = place_of(q, ending_by_service, ending_by_service(e) + 1);
}

void inquiry_of_host(const struct inquiry *q, const struct ending *e, guint *from, guint *to)
{
	*from = place_of(q, ending_by_server, ending_by_server(e));
	*to = place_of(q, ending_by_server, ending_by_server(e) + 1);
}

/* --- the whole ----------------------------------------------------------------------------------------------- */

static void incident_clear(struct incident *i)
{
	g_free(i->sentence);
	g_free(i->connections);
	for (size_t k = 0; k < i->evidence_len; k++)
		g_free(i->evidence[k].text);
	for (size_t k = 0; k < i->alternatives_len; k++) {
		g_free(i->alternatives[k].text);
		g_free(i->alternatives[k].against);
	}
	for (size_t k = 0; k < i->misfits_len; k++)
		g_free(i->misfits[k].text);
	g_free(i->evidence);
	g_free(i->alternatives);
	g_free(i->misfits);
	g_free(i->quiet);
}

static gint incident_by_time(gconstpointer a, gconstpointer b)
{
	const struct incident *left = a, *right = b;

	if (left->from_ns != right->from_ns)
		return left->from_ns < right->from_ns ? -1 : 1;
	return by_number(left->connections[0], right->connections[0]);
}

static GArray *members_of(struct incident_list *list)
{
	GArray *members = g_array_new(FALSE, FALSE, sizeof(struct incident_member));

	for (size_t i = 0; i < list->len; i++) {
		for (size_t k = 0; k < list->incidents[i].connections_len; k++) {
			const struct incident_member m = {list->incidents[i].connections[k], &list->incidents[i]};

			g_array_append_val(members, m);
		}
	}
	return members;
}

/* By id. */
static void list_members(struct incident_list *list)
{
	g_autoptr(GArray) members = members_of(list);
	g_autofree struct radix_item *items = items_new(members->len);

	for (guint i = 0; i < members->len; i++)
		items[i].key = g_array_index(members, struct incident_member, i).connection;
	radix_sort(items, members->len);
	list->members_len = members->len;
	list->members = g_new(struct incident_member, members->len);
	for (guint i = 0; i < members->len; i++)
		list->members[i] = g_array_index(members, struct incident_member, items[i].place);
}

/* They are numbered before those are left out of which nobody wants to hear: an incident's number is the same whatever
 * is selected. */
static struct incident_list *list_of(struct inquiry *q)
{
	struct incident_list *list = g_new0(struct incident_list, 1);
	GArray *told = g_array_new(FALSE, FALSE, sizeof(struct incident));

	g_array_sort(q->incidents, incident_by_time);
	for (guint k = 0; k < q->incidents->len; k++) {
		struct incident *i = &g_array_index(q->incidents, struct incident, k);

		i->id = k + 1;
		if (i->wanted)
			g_array_append_val(told, *i);
		else
			incident_clear(i);
	}
	g_array_free(q->incidents, TRUE);
	memcpy(list->excused, q->excused, sizeof list->excused);
	list->len = told->len;
	list->incidents = (struct incident *)(void *)g_array_free(told, FALSE);
	list_members(list);
	return list;
}

const struct incident *incident_of(const struct incident_list *list, uint64_t connection)
{
	size_t low = 0, high = list->members_len;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (list->members[middle].connection < connection)
			low = middle + 1;
		else
			high = middle;
	}
	return low < list->members_len && list->members[low].connection == connection ? list->members[low].incident : NULL;
}

bool incident_excuses(const struct incident_list *list, uint64_t connection)
{
	const struct incident *i = incident_of(list, connection);

	return i && i->severity == HANGUP_SEVERITY_HARMLESS;
}

/* Sorting what did well is the larger part: not when nothing is there to be explained. */
static void look(struct inquiry *q)
{
	const struct records endings = {q->endings, q->endings_len, sizeof *q->endings};
	const struct records witnesses = {q->witnesses, q->witnesses_len, sizeof *q->witnesses};

	sort_by_id(q->endings, q->endings_len, sizeof *q->endings);
	sort_by_id(q->witnesses, q->witnesses_len, sizeof *q->witnesses);
	q->by_server = places_by_host(&witnesses, HANGUP_SERVER);
	q->by_client = places_by_host(&witnesses, HANGUP_CLIENT);
	number_services(q, &endings);
	number_clients(q, &endings);
	for (size_t i = 0; i < G_N_ELEMENTS(finders); i++)
		finders[i](q);
	g_ptr_array_unref(q->by_service);
	g_free(q->by_server);
	g_free(q->by_client);
}

struct incident_list *inquiry_hold(struct ending *endings, size_t endings_len, struct witness *witnesses,
                                   size_t witnesses_len, const double *thresholds)
{
	g_autofree bool *taken = g_new0(bool, endings_len);
	struct inquiry q = {
		.endings = endings, .endings_len = endings_len, .witnesses = witnesses, .witnesses_len = witnesses_len,
		.thresholds = thresholds, .taken = taken, .incidents = g_array_new(FALSE, FALSE, sizeof(struct incident)),
	};

	if (endings_len > 0)
		look(&q);
	return list_of(&q);
}

/* --- the list ------------------------------------------------------------------------------------------------ */

void incident_list_free(struct incident_list *list)
{
	if (!list)
		return;
	for (size_t i = 0; i < list->len; i++)
		incident_clear(&list->incidents[i]);
	g_free(list->incidents);
	g_free(list->members);
	g_free(list);
}
