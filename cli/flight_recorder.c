#include "cli/flight_recorder.h"

#include "cli/recording.h"

struct kept {
	char *name;
	enum hangup_cause cause;
	uint64_t last_number; /* packet of the connection */
};

struct flight_recorder {
	struct source *source;
	struct packet_ring *ring;
	struct key_seed seed;
	struct save_folder *folder;
	GHashTable *kept; /* by id of a connection whose verdict is not final: struct kept */
};

static void kept_free(gpointer data)
{
	struct kept *k = data;

	g_free(k->name);
	g_free(k);
}

struct flight_recorder *flight_recorder_new(struct source *source, const char *folder, uint64_t limit_bytes,
                                            GError **error)
{
	struct save_folder *f = save_folder_new(folder, limit_bytes, error);
	struct flight_recorder *r;

	if (!f)
		return NULL;
	r = g_new0(struct flight_recorder, 1);
	r->source = source;
	r->ring = source_ring(source);
	r->folder = f;
	r->kept = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, kept_free);
	key_seed_random(&r->seed);
	return r;
}

void flight_recorder_frame(struct flight_recorder *r, const struct frame *frame, const struct segment *segment)
{
	recording_note(r->ring, &r->seed, frame, segment);
}

static uint64_t last_number(const struct hangup_case *c)
{
	struct hangup_packet last;

	facts_packet(c->facts, HANGUP_PACKET_LAST, HANGUP_CLIENT, &last);
	return last.number;
}

static void save(struct flight_recorder *r, const struct hangup_case *c, int64_t now_ns)
{
	struct kept *old = g_hash_table_lookup(r->kept, &c->facts->id), *k = g_new(struct kept, 1);

	*k = (struct kept){.name = recording_name(c), .cause = case_verdict(c)->cause, .last_number = last_number(c)};
	save_folder_put(r->folder, g_strdup(k->name), old ? g_strdup(old->name) : NULL,
	                recording_make(r->source, &r->seed, c, now_ns));
	g_hash_table_replace(r->kept, g_memdup2(&c->facts->id, sizeof c->facts->id), k);
}

static char *name_of(const struct flight_recorder *r, uint64_t id)
{
	const struct kept *k = g_hash_table_lookup(r->kept, &id);

	return k ? g_strdup(k->name) : NULL;
}

char *flight_recorder_tell(struct flight_recorder *r, const struct hangup_case *c, const struct report_told *told,
                           int64_t now_ns)
{
	const struct hangup_claim *verdict = case_verdict(c);
	const struct kept *k = g_hash_table_lookup(r->kept, &c->facts->id);
	char *name;

	if (verdict->severity == HANGUP_SEVERITY_ABNORMAL) {
		if (!k || k->cause != verdict->cause || k->last_number != last_number(c))
			save(r, c, now_ns);
	} else if (k) {
		save_folder_remove(r->folder, g_strdup(k->name));
		g_hash_table_remove(r->kept, &c->facts->id);
	}
	name = name_of(r, c->facts->id);
	if (told->final)
		g_hash_table_remove(r->kept, &c->facts->id);
	return name;
}

struct save_counts flight_recorder_counts(struct flight_recorder *r)
{
	return save_folder_counts(r->folder);
}

char *flight_recorder_take_trouble(struct flight_recorder *r)
{
	return save_folder_take_trouble(r->folder);
}

struct save_counts flight_recorder_end(struct flight_recorder *r, int wait_ms, char **out_trouble)
{
	struct save_counts counts = save_folder_end(r->folder, wait_ms, out_trouble);

	g_hash_table_unref(r->kept);
	g_free(r);
	return counts;
}
