/* A pcapng file while it is read: what the reader of the block sequence (pcapng_file.c) and the reader of
 * packet blocks (pcapng_packet.c) share. */
#ifndef CAPTURE_PCAPNG_READER_H
#define CAPTURE_PCAPNG_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "capture/cursor.h"
#include "capture/file_format.h"
#include "capture/frame.h"
#include "capture/pcapng_block.h"
#include "capture/pcapng_interface.h"

/* What a block turned out to be. */
enum block_result {
	BLOCK_FRAME,   /* a packet, as *out */
	BLOCK_NOTHING, /* nothing to hand out */
	BLOCK_BAD,     /* damage; the reader's problem says what */
};

struct pcapng_reader {
	struct file_context *context;
	enum byte_order order; /* of this section */
	size_t max_block;      /* a block longer than this is damage */
	GArray *interfaces;    /* struct pcapng_interface, of this section */
	uint64_t frames;       /* numbers given so far */
	int64_t time_ns;       /* of the last frame */
	const char *problem;   /* why the last block was bad */
	bool ours;             /* this section was written by hangup */
	GString *head_comment; /* the file's, met when it was opened and nobody listened yet; NULL without */
};

static inline enum block_result pcapng_bad(struct pcapng_reader *r, const char *problem)
{
	r->problem = problem;
	return BLOCK_BAD;
}

/* An interface of this section, NULL when it was not described. */
static inline struct pcapng_interface *pcapng_find_interface(const struct pcapng_reader *r, uint32_t id)
{
	return id < r->interfaces->len ? &g_array_index(r->interfaces, struct pcapng_interface, id) : NULL;
}

static inline struct interface_record *pcapng_find_record(const struct pcapng_reader *r,
                                                          const struct pcapng_interface *i)
{
	return interfaces_get(r->context->interfaces, i->index);
}

/* A comment, on a packet or, number 0, on the file. */
static inline void pcapng_comment(const struct pcapng_reader *r, uint64_t number, const struct cursor *text)
{
	struct file_context *context = r->context;
	context->comments++;
	if (context->on_comment)
		context->on_comment(number, (const char *)text->at, text->left, context->comment_user);
}

enum block_result pcapng_read_names(struct pcapng_reader *r, struct cursor body, struct frame *out);

/* The three kinds of packet blocks. */
enum block_result pcapng_read_enhanced(struct pcapng_reader *r, struct cursor body, struct frame *out);
enum block_result pcapng_read_obsolete(struct pcapng_reader *r, struct cursor body, struct frame *out);
enum block_result pcapng_read_simple(struct pcapng_reader *r, struct cursor body, struct frame *out);

/* An enhanced packet without options, which is what nearly every block is. True when it was one: then the
 * same as pcapng_read_enhanced(). */
bool pcapng_read_plain(struct pcapng_reader *r, const struct pcapng_block *b, struct frame *out);

#endif
