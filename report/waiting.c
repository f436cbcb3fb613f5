/* A block is used again when the last of its lines was taken. One late line can hold a block of lines that are gone:
 * when the blocks take twice what waits (and more than a few), what waits is copied together. Each byte copied then is
 * paid for by one that had been kept, so the price stays in proportion. */
#include "report/waiting.h"

#include <string.h>

#include <glib.h>

enum {
	BLOCK_SIZE = 256 << 10,
	BLOCKS_FEW = 16,
	SLOTS_FIRST = 1024,
};

/* Where a line is: nowhere yet, with the lender, or in the block of that number and up. */
enum { ABSENT, LENT, FIRST_BLOCK };

struct slot {
	const char *bytes;
	uint32_t len;
	uint32_t where : 31;
	uint32_t held : 1;
};

struct block {
	char *bytes;
	size_t size, used;
	size_t lines; /* not yet taken */
};

struct waiting {
	uint64_t due;
	uint64_t end; /* one after the newest id; due when nothing waits */
	struct slot *slots;
	uint64_t mask;  /* slots, a power of two, less one */
	size_t text;    /* bytes of the lines that are here */
	GArray *blocks; /* of struct block; the last one that was made or emptied is being filled */
	GArray *empty;  /* of guint: blocks without lines, the one being filled excepted */
	guint filling;
	size_t blocks_size;
	bool no_more_held;
};

/* --- blocks ---------------------------------------------------------------------------------------- */
static struct block *block_at(const struct waiting *w, guint i)
{
	return &g_array_index(w->blocks, struct block, i);
}

static void make_block(struct waiting *w, size_t size)
{
	struct block b = {.bytes = g_malloc(size), .size = size};

	w->filling = w->blocks->len;
	g_array_append_val(w->blocks, b);
	w->blocks_size += size;
}

static void free_blocks(GArray *blocks)
{
	for (guint i = 0; i < blocks->len; i++)
		g_free(g_array_index(blocks, struct block, i).bytes);
	g_array_free(blocks, TRUE);
}

static bool has_room(const struct waiting *w, size_t len)
{
	const struct block *b = block_at(w, w->filling);

	return b->size - b->used >= len;
}

static void store(struct waiting *w, struct slot *s)
{
	struct block *b = block_at(w, w->filling);
	char *to = b->bytes + b->used;

	if (s->len > 0)
		memcpy(to, s->bytes, s->len);
	b->used += s->len;
	b->lines++;
	s->bytes = to;
	s->where = (FIRST_BLOCK + w->filling) & G_MAXINT32;
}

static void begin_block(struct waiting *w, size_t len)
{
	if (len <= BLOCK_SIZE && w->empty->len > 0) {
		w->filling = g_array_index(w->empty, guint, w->empty->len - 1);
		g_array_set_size(w->empty, w->empty->len - 1);
	} else {
		make_block(w, MAX(len, (size_t)BLOCK_SIZE));
	}
}

static void release(struct waiting *w, guint i)
{
	struct block *b = block_at(w, i);

	if (--b->lines > 0)
		return;
	b->used = 0;
	if (i != w->filling)
		g_array_append_val(w->empty, i);
}

/* --- slots ----------------------------------------------------------------------------------------- */
static struct slot *slot_of(const struct waiting *w, uint64_t id)
{
	return &w->slots[id & w->mask];
}

static void make_slots(struct waiting *w, uint64_t end)
{
	uint64_t count = w->mask + 1;

	if (end - w->due <= count)
		return;
	while (end - w->due > count)
		count *= 2;
	struct slot *slots = g_new0(struct slot, count);
	for (uint64_t id = w->due; id < w->end; id++)
		slots[id & (count - 1)] = *slot_of(w, id);
	g_free(w->slots);
	w->slots = slots;
	w->mask = count - 1;
}

static void compact(struct waiting *w)
{
	GArray *old = w->blocks;

	w->blocks = g_array_new(FALSE, FALSE, sizeof(struct block));
	w->blocks_size = 0;
	g_array_set_size(w->empty, 0);
	make_block(w, BLOCK_SIZE);
	for (uint64_t id = w->due; id < w->end; id++) {
		struct slot *s = slot_of(w, id);

		if (s->where < FIRST_BLOCK)
			continue;
		if (!has_room(w, s->len))
			begin_block(w, s->len);
		store(w, s);
	}
	free_blocks(old);
}

/* --- in and out ------------------------------------------------------------------------------------ */
struct waiting *waiting_new(void)
{
	struct waiting *w = g_new0(struct waiting, 1);

	w->due = w->end = 1;
	w->slots = g_new0(struct slot, SLOTS_FIRST);
	w->mask = SLOTS_FIRST - 1;
	w->blocks = g_array_new(FALSE, FALSE, sizeof(struct block));
	w->empty = g_array_new(FALSE, FALSE, sizeof(guint));
	make_block(w, BLOCK_SIZE);
	return w;
}

void waiting_free(struct waiting *w)
{
	if (!w)
		return;
	free_blocks(w->blocks);
	g_array_free(w->empty, TRUE);
	g_free(w->slots);
	g_free(w);
}

uint64_t waiting_due(const struct waiting *w)
{
	return w->due;
}

void waiting_lend(struct waiting *w, uint64_t id, const char *bytes, size_t len)
{
	g_assert(id >= w->due && len <= G_MAXUINT32);
	if (id >= w->end) {
		make_slots(w, id + 1);
		w->end = id + 1;
	}
	*slot_of(w, id) = (struct slot){.bytes = bytes, .len = (uint32_t)len, .where = LENT};
	w->text += len;
}

void waiting_hold(struct waiting *w, uint64_t id)
{
	g_assert(slot_of(w, id)->where == LENT);
	slot_of(w, id)->held = !w->no_more_held;
}

void waiting_hold_no_more(struct waiting *w)
{
	w->no_more_held = true;
}

void waiting_keep(struct waiting *w, uint64_t id)
{
	struct slot *s = slot_of(w, id);

	g_assert(s->where == LENT);
	if (!has_room(w, s->len)) {
		if (w->empty->len == 0 && w->blocks_size > 2 * MAX(w->text, (size_t)BLOCKS_FEW * BLOCK_SIZE))
			compact(w);
		if (!has_room(w, s->len))
			begin_block(w, s->len);
	}
	store(w, s);
}

bool waiting_take(struct waiting *w, const char **out_bytes, size_t *out_len)
{
	struct slot *s = slot_of(w, w->due);

	if (w->due == w->end || s->where == ABSENT || (s->held && !w->no_more_held))
		return false;
	*out_bytes = s->bytes;
	*out_len = s->len;
	w->text -= s->len;
	if (s->where >= FIRST_BLOCK)
		release(w, s->where - FIRST_BLOCK);
	*s = (struct slot){0};
	w->due++;
	return true;
}

void waiting_give_up(struct waiting *w)
{
	while (slot_of(w, w->due)->where == ABSENT) {
		g_assert(w->due < w->end);
		w->due++;
	}
}

size_t waiting_bytes(const struct waiting *w)
{
	return w->text + (size_t)(w->end - w->due) * sizeof(struct slot);
}

size_t waiting_blocks(const struct waiting *w)
{
	return w->blocks_size;
}
