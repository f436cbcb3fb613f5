/* A file of any format, read to its end: what the source promises of its frames holds, whatever the file says. */
#include <string.h>

#include <glib.h>

#include "capture/source.h"
#include "tests/fuzz/fuzz.h"

enum { BATCH = 7 }; /* odd, and small: blocks and records fall on both sides of a batch's end */

struct reading {
	struct source *source;
	uint64_t frames, last_number, odd;
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

static void check_frame(struct reading *r, const struct frame *f)
{
	g_assert(f->number > r->last_number);
	g_assert(f->wire_len >= f->bytes_len);
	g_assert(f->interface < source_interfaces(r->source));
	g_assert(f->linktype == source_interface(r->source, f->interface)->linktype);
	g_assert(f->direction <= FRAME_OUTBOUND);
	touch(r, f->bytes, f->bytes_len);
	r->last_number = f->number;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading r = {0};
	g_autoptr(GError) error = NULL;

	r.source = source_open(fuzz_file(data, size), &error);
	if (r.source == NULL) {
		g_assert(error != NULL && error->domain == SOURCE_ERROR);
		return 0;
	}
	source_on_comment(r.source, on_comment, &r);
	read_all(&r);
	check_interfaces(&r);
	source_free(r.source);
	return 0;
}
