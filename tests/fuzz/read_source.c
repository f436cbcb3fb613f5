#include "tests/fuzz/read_source.h"

#include <string.h>

#include <hangup/packet_number.h>

enum { BATCH = 7 }; /* odd, and small: blocks and records fall on both sides of a batch's end */

enum { FILES_MAX = 8 };

struct reading {
	struct source *source;
	uint64_t frames, last_number[FILES_MAX];
	uint32_t touched; /* sum of all bytes: a read past any end is noticed */
};

static void touch(struct reading *r, const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		r->touched += ((const uint8_t *)bytes)[i];
}

static void on_comment(uint64_t number, const char *text, size_t len, void *user)
{
	struct reading *r = user;

	(void)number; /* 0: on the file */
	touch(r, text, len);
}

static void on_name(const uint8_t address[16], const char *text, size_t len, void *user)
{
	touch(user, address, 16);
	touch(user, text, len);
}

static void check_frame(struct reading *r, const struct frame *f)
{
	uint16_t file = hangup_packet_input(f->number);

	g_assert(file < FILES_MAX && f->number > r->last_number[file]);
	g_assert(f->wire_len >= f->bytes_len);
	g_assert(f->interface < source_interfaces(r->source));
	g_assert(f->linktype == source_interface(r->source, f->interface)->linktype);
	g_assert(f->direction <= FRAME_OUTBOUND);
	touch(r, f->bytes, f->bytes_len);
	r->last_number[file] = f->number;
}

static void touch_text(struct reading *r, const char *text)
{
	if (text != NULL)
		touch(r, text, strlen(text));
}

static void check_interfaces(struct reading *r)
{
	for (size_t i = 0; i < source_interfaces(r->source); i++) {
		const struct interface *seen = source_interface(r->source, i);

		touch_text(r, seen->name);
		touch_text(r, seen->description);
		touch_text(r, seen->filter);
		touch_text(r, seen->os);
		touch(r, seen->addresses, seen->addresses_len * sizeof *seen->addresses);
	}
}

static void read_all(struct reading *r)
{
	struct frame frames[BATCH];
	g_autoptr(GError) error = NULL;
	size_t n;

	while ((n = source_next_batch(r->source, frames, BATCH, &error)) > 0) {
		g_assert(error == NULL && n <= BATCH);
		for (size_t i = 0; i < n; i++)
			check_frame(r, &frames[i]);
		r->frames += n;
	}
	g_assert(r->frames == source_frames(r->source));
	g_assert(error == NULL || (error->domain == SOURCE_ERROR && strchr(error->message, '\n') == NULL));
	g_clear_error(&error);
	g_assert(source_next_batch(r->source, frames, BATCH, &error) == 0); /* the end stays the end */
	source_dropped(r->source);
}

void read_source(struct source *source)
{
	struct reading r = {.source = source};

	source_on_comment(source, on_comment, &r);
	source_on_name(source, on_name, &r);
	read_all(&r);
	check_interfaces(&r);
}
