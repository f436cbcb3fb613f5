/* Packets are named by their numbers between the readings, so that none is kept in memory; what the file says of them is
 * text that was made when the verdict was at hand. */
#include "report/evidence.h"

#include <inttypes.h>
#include <string.h>

#include <hangup/packet_number.h>

#include "capture/decode.h"
#include "capture/excerpt.h"
#include "capture/fragments.h"
#include "capture/pcapng_writer.h"
#include "capture/rebuild.h"
#include "report/escape.h"
#include "report/evidence_found.h"
#include "report/evidence_kept.h"
#include "report/evidence_pick.h"
#include "report/evidence_told.h"
#include "report/evidence_witness.h"
#include "report/input_name.h"

/* Verdicts that the file's own comment lists: a page or two. */
enum { LISTED_MAX = 100 };
enum { ADDRESSES_MAX = 16 /* as many as are read */ };

struct shown {
	const struct told *told; /* borrowed */
	struct pick pick;
};

/* The capture's end: a silence lasts until then, and may be what a verdict is about. */
struct ending_frame {
	bool is_kept; /* in the file already */
	struct frame frame;
};

struct evidence {
	struct evidence_options options;
	struct found *found;
	GPtrArray *told;          /* what is to be shown (of struct told), in order of id, once it is chosen */
	uint64_t all;             /* that were found */
	GHashTable *shown;        /* struct shown, owned, by id */
	GHashTable *begun;        /* struct told, by their first packet */
	struct kept *kept;
	struct witness *witness;
	struct fragments *fragments; /* of frames that are made anew */
	GHashTable *interfaces;   /* numbers in the file, by the source's and their link type */
	GArray *interfaces_from;  /* uint16_t: of each in the file, the source's */
	struct ending_frame last;
	uint64_t packets;
};

static void free_shown(gpointer data)
{
	struct shown *s = data;

	pick_clear(&s->pick);
	g_free(s);
}

static guint hash_id(gconstpointer key)
{
	return g_int64_hash(key);
}

/* By label or severity, harmless or not. */
static bool is_asked_for(const struct evidence *e)
{
	return e->options.report->selection.labels || e->options.report->selection.severities;
}

struct evidence *evidence_new(const struct evidence_options *options)
{
	struct evidence *e = g_new0(struct evidence, 1);

	e->options = *options;
	if (e->options.connections_max == 0)
		e->options.connections_max = EVIDENCE_CONNECTIONS_DEFAULT;
	if (e->options.packets_max == 0)
		e->options.packets_max = EVIDENCE_PACKETS_DEFAULT;
	e->found = found_new(e->options.connections_max);
	e->told = g_ptr_array_new();
	e->shown = g_hash_table_new_full(hash_id, g_int64_equal, NULL, free_shown);
	e->begun = g_hash_table_new(hash_id, g_int64_equal);
	e->kept = kept_new();
	e->witness = witness_new();
	e->fragments = fragments_new();
	e->interfaces = g_hash_table_new(NULL, NULL);
	e->interfaces_from = g_array_new(FALSE, FALSE, sizeof(uint16_t));
	return e;
}

void evidence_free(struct evidence *e)
{
	if (e == NULL)
		return;
	g_array_unref(e->interfaces_from);
	g_hash_table_unref(e->interfaces);
	fragments_free(e->fragments);
	witness_free(e->witness);
	kept_free(e->kept);
	g_hash_table_unref(e->begun);
	g_hash_table_unref(e->shown);
	g_ptr_array_unref(e->told);
	found_free(e->found);
	g_free(e);
}

/* --- the first reading -------------------------------------------------------------------------------- */
void evidence_verdict(struct evidence *e, unsigned lane, const struct hangup_case *c)
{
	if (report_selected(&e->options.report->selection, c) &&
	    (is_asked_for(e) || case_verdict(c)->severity == HANGUP_SEVERITY_ABNORMAL))
		found_take(e->found, lane, c, !is_asked_for(e) && incidents_may_excuse(c));
}

static void show(struct evidence *e, const struct told *t)
{
	struct shown *s = g_new0(struct shown, 1);

	s->told = t;
	pick_init(&s->pick, e->options.packets_max);
	g_hash_table_insert(e->shown, (gpointer)(uintptr_t)&t->id, s);
	g_hash_table_insert(e->begun, (gpointer)(uintptr_t)&t->first, (gpointer)(uintptr_t)t);
	witness_add(e->witness, t);
}

unsigned evidence_choose(struct evidence *e, const struct incident_list *incidents)
{
	g_ptr_array_unref(e->told);
	e->told = found_conclude(e->found, is_asked_for(e) ? NULL : incidents, &e->all);
	for (guint i = 0; i < e->told->len; i++)
		show(e, e->told->pdata[i]);
	witness_begin(e->witness);
	return e->told->len;
}

/* --- the second reading ------------------------------------------------------------------------------- */
/* Of a connection that its server never answered, others tell what the server's packets look like. */
static void keep_answer(struct evidence *e, const struct told *t)
{
	const uint64_t number = witness_answer(e->witness, t->end[HANGUP_SERVER].address);

	if (number)
		kept_add(e->kept, number, "another connection: what packets of the host look like");
}

void evidence_segment(struct evidence *e, const struct segment *segment, uint64_t id)
{
	const gint64 key = (gint64)id;
	struct shown *s = g_hash_table_lookup(e->shown, &key);

	if (s && s->pick.total == 0)
		keep_answer(e, s->told);
	if (s)
		pick_add(&s->pick, segment);
	else if (witness_shows(e->witness, segment))
		kept_add(e->kept, segment->number, "another connection: what it shows of the server");
}

struct reason {
	struct kept *kept;
	const struct told *told;
	uint64_t total;
};

static void keep(const struct reason *r, uint64_t number, const char *why)
{
	g_autofree char *reason = why ? g_strdup_printf("connection %" PRIu64 ", %s", r->told->id, why)
	                              : g_strdup_printf("connection %" PRIu64, r->told->id);

	kept_add(r->kept, number, reason);
}

static void keep_picked(uint64_t number, const char *why, void *user)
{
	keep(user, number, why);
}

/* What the verdict names comes first: of the rest, what adds nothing is left out. */
static void keep_packets_of(struct evidence *e, const struct told *t)
{
	const gint64 key = (gint64)t->id;
	const struct shown *s = g_hash_table_lookup(e->shown, &key);
	struct reason r = {.kept = e->kept, .told = t, .total = s->pick.total};

	for (guint i = 0; i < t->points->len; i++) {
		const struct told_point *point = &g_array_index(t->points, struct told_point, i);

		keep(&r, point->number, point->why);
	}
	pick_visit(&s->pick, keep_picked, &r);
}

/* --- the file ----------------------------------------------------------------------------------------- */
unsigned evidence_shortened(const struct evidence *e)
{
	GHashTableIter all;
	gpointer value;
	unsigned count = 0;

	g_hash_table_iter_init(&all, e->shown);
	while (g_hash_table_iter_next(&all, NULL, &value))
		count += pick_is_short(&((struct shown *)value)->pick);
	return count;
}

static char *describe_file(const struct evidence *e)
{
	GString *text = g_string_new(NULL);
	guint listed = MIN(e->told->len, LISTED_MAX);

	g_string_append_printf(text, "Evidence: packets of %u of %" PRIu64 " connections that hangup was asked about. Other "
	                       "packets were left out on purpose%s.", e->told->len, e->all,
	                       e->options.payload ? "" : ", and so was what the connections carried");
	if (evidence_shortened(e) > 0)
		g_string_append_printf(text, " %u of the connections lost their middle, which looks like loss of the capture.",
		                       evidence_shortened(e));
	for (guint i = 0; i < listed; i++)
		g_string_append_printf(text, "\n%s", ((const struct told *)e->told->pdata[i])->title);
	if (listed < e->told->len)
		g_string_append_printf(text, "\nand %u more", e->told->len - listed);
	return g_string_free(text, FALSE);
}

void evidence_begin(struct evidence *e, GByteArray *out)
{
	g_autofree char *comment = describe_file(e);
	const char *const comments[] = {comment, NULL};
	const struct pcapng_section section = {.application = e->options.application, .comments = comments};

	for (guint i = 0; i < e->told->len; i++)
		keep_packets_of(e, e->told->pdata[i]);
	pcapng_put_section(out, &section);
}

static char *inert_copy(const char *text)
{
	GString *safe = g_string_new(NULL);

	if (text)
		escape_append(safe, text, strlen(text), false);
	return g_string_free(safe, FALSE);
}

/* Which file it is of is told where there are several. */
static char *describe_interface(const struct evidence *e, const struct interface *i, const struct frame *frame)
{
	g_autofree char *own = inert_copy(i->description);
	g_autoptr(GString) from = g_string_new(NULL);

	if (!e->options.report->inputs)
		return g_steal_pointer(&own);
	input_name_append(from, e->options.report, frame->number);
	return g_strdup_printf("%s%sfrom %s", own, *own ? ", " : "", from->str);
}

static bool has_address(const GArray *all, const uint8_t address[16])
{
	for (guint i = 0; i < all->len; i++) {
		if (memcmp(g_array_index(all, struct interface_address, i).address, address, 16) == 0)
			return true;
	}
	return false;
}

/* The interface's addresses in the file, and those that were found out. Owned by the caller. */
static GArray *addresses_of(const struct evidence *e, const struct interface *i, const struct frame *frame)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct interface_address));

	if (i->addresses_len > 0)
		g_array_append_vals(all, i->addresses, (guint)i->addresses_len);
	for (guint at = 0; at < e->told->len && all->len < ADDRESSES_MAX; at++) {
		const struct told *t = e->told->pdata[at];
		const bool same_file = hangup_packet_input(t->first) == hangup_packet_input(frame->number);

		if (t->has_local && same_file && !has_address(all, t->local))
			g_array_append_vals(all, t->local, 1);
	}
	return all;
}

static void put_interface(const struct evidence *e, const struct interface *i, const struct frame *frame, GByteArray *out)
{
	g_autofree char *name = inert_copy(i->name), *description = describe_interface(e, i, frame);
	g_autofree char *filter = inert_copy(i->filter), *os = inert_copy(i->os);
	g_autoptr(GArray) addresses = addresses_of(e, i, frame);
	struct interface safe = *i;

	safe.linktype = frame->linktype;
	safe.addresses = (const struct interface_address *)(gpointer)addresses->data;
	safe.addresses_len = addresses->len;
	safe.name = name;
	safe.description = description;
	safe.filter = filter;
	safe.os = os;
	pcapng_put_interface(out, &safe);
}

/* The number in the file of the frame's interface, which is put there before its first packet. Frames that are made anew
 * may be of another link type than the interface's, and of several. */
static uint32_t interface_of(struct evidence *e, const struct source *source, const struct frame *frame, GByteArray *out)
{
	const gpointer key = GUINT_TO_POINTER((guint)frame->interface << 16 | frame->linktype);
	gpointer number;

	if (g_hash_table_lookup_extended(e->interfaces, key, NULL, &number))
		return GPOINTER_TO_UINT(number);
	number = GUINT_TO_POINTER(e->interfaces_from->len);
	g_hash_table_insert(e->interfaces, key, number);
	g_array_append_val(e->interfaces_from, frame->interface);
	put_interface(e, source_interface(source, frame->interface), frame, out);
	return GPOINTER_TO_UINT(number);
}

/* The verdict on the connection that it is the first packet of; then where it is from, and why it is here. */
static GPtrArray *comments_on(const struct evidence *e, uint64_t number, const GPtrArray *reasons)
{
	GPtrArray *comments = g_ptr_array_new_with_free_func(g_free);
	GString *text = g_string_new("packet ");
	const gint64 key = (gint64)number;
	const struct told *begins = g_hash_table_lookup(e->begun, &key);

	if (begins)
		g_ptr_array_add(comments, g_strdup(begins->verdict));
	g_string_append_printf(text, "%" PRIu64 " of ", hangup_packet_in_file(number));
	input_name_append(text, e->options.report, number);
	for (guint i = 0; i < reasons->len; i++)
		g_string_append_printf(text, "%s%s", i ? "; " : ": ", (const char *)reasons->pdata[i]);
	g_ptr_array_add(comments, g_string_free(text, FALSE));
	g_ptr_array_add(comments, NULL);
	return comments;
}

static void put_frame(struct evidence *e, const struct source *source, const struct frame *frame,
                      const GPtrArray *reasons, GByteArray *out)
{
	g_autoptr(GPtrArray) comments = comments_on(e, frame->number, reasons);
	const uint32_t interface = interface_of(e, source, frame, out);

	pcapng_put_packet(out, frame, interface, (const char *const *)comments->pdata);
	e->packets++;
}

/* The frame as it is kept: its headers, or all of it. */
static struct frame cut_frame(const struct evidence *e, const struct frame *frame, const struct segment *segment)
{
	struct frame cut = *frame;

	if (!e->options.payload)
		cut.bytes_len = excerpt_len(frame, segment);
	cut.fcs_len = cut.bytes_len < frame->bytes_len ? 0 : frame->fcs_len;
	return cut;
}

/* Nothing but its time and length. */
static struct frame empty_frame(const struct frame *frame)
{
	struct frame empty = *frame;

	empty.bytes = NULL;
	empty.bytes_len = 0;
	empty.fcs_len = 0;
	return empty;
}

static struct frame anonymous_frame(const struct frame *frame, const struct segment *segment, uint8_t room[REBUILD_BYTES])
{
	struct frame anew;

	if (!rebuild_frame(segment, room, &anew))
		return empty_frame(frame);
	anew.interface = frame->interface;
	return anew;
}

/* The segment as the verdicts were made of it. */
static void decode(struct evidence *e, const struct frame *frame, struct segment *out, uint8_t kept[ANONYMIZER_ROOM])
{
	decode_frame(frame, out);
	if (!e->options.anonymizer)
		return;
	if (out->kind == SEGMENT_FRAGMENT)
		fragments_take(e->fragments, out);
	anonymizer_segment(e->options.anonymizer, out, kept);
}

void evidence_frame(struct evidence *e, const struct source *source, const struct frame *frame, GByteArray *out)
{
	struct segment segment;
	struct frame kept;
	uint8_t bytes[ANONYMIZER_ROOM], room[REBUILD_BYTES];

	decode(e, frame, &segment, bytes);
	if (witness_speaks_of(e->witness, &segment))
		kept_add(e->kept, frame->number, segment.kind == SEGMENT_FRAGMENT ? "a fragment between hosts that are told of"
		                                                                  : "what the local network says");
	const GPtrArray *reasons = kept_reasons(e->kept, frame->number);

	if (reasons) {
		kept = e->options.anonymizer ? anonymous_frame(frame, &segment, room) : cut_frame(e, frame, &segment);
		put_frame(e, source, &kept, reasons, out);
	}
	e->last.is_kept = reasons != NULL;
	e->last.frame = empty_frame(frame);
}

/* When it is a packet that matters to nobody, its time is all that is kept of it. */
static void put_last(struct evidence *e, const struct source *source, GByteArray *out)
{
	if (e->last.is_kept || e->last.frame.number == 0)
		return;
	kept_add(e->kept, e->last.frame.number, "the last one of the capture; kept for its time alone");
	put_frame(e, source, &e->last.frame, kept_reasons(e->kept, e->last.frame.number), out);
}

void evidence_end(struct evidence *e, const struct source *source, GByteArray *out)
{
	put_last(e, source, out);
	for (guint i = 0; i < e->interfaces_from->len; i++) {
		const struct interface *from = source_interface(source, g_array_index(e->interfaces_from, uint16_t, i));

		if (from->received != UINT64_MAX || from->dropped != UINT64_MAX)
			pcapng_put_statistics(out, i, e->last.frame.time_ns, from->received, from->dropped);
	}
}

uint64_t evidence_packets(const struct evidence *e)
{
	return e->packets;
}
