#include "cli/run/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "capture/pcapng_writer.h"

enum { BATCH = 64, WRITE_BYTES = 1 << 16 };
/* How often an interface that is gone is looked for. */
enum { REFRESH_US = 1000000 };

struct recording {
	struct live *live;
	char *name;  /* for people */
	int fd;
	bool owns_fd;
	int stream;  /* a copy goes there; -1 when none does, or it takes no more */
	GByteArray *pending;
	uint64_t written, most; /* bytes */
	uint64_t left_out;      /* packets */
	int64_t last_ns;
	gint64 refreshed_us;
	bool failed;
};

/* --- the file --------------------------------------------------------------------------------------------- */

static gboolean cannot(const char *name, int why, const char *then, GError **error)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: cannot be written: %s%s", name, g_strerror(why),
	            then);
	return FALSE;
}

/* Without a name from the start: nobody else opens it, and it goes when we do, however we do. */
static gboolean open_nameless(struct recording *r, GError **error)
{
	g_autofree char *path = NULL;

	r->name = g_strdup("the capture's own file");
	r->fd = g_file_open_tmp("hangup-run-XXXXXX", &path, error);
	r->owns_fd = true;
	if (r->fd < 0)
		return FALSE;
	g_unlink(path);
	return fcntl(r->fd, F_SETFD, FD_CLOEXEC) == 0 ? TRUE : cannot(r->name, errno, "", error);
}

static gboolean open_file(struct recording *r, const struct kept_file *kept, GError **error)
{
	if (!kept || kept_file_streams(kept)) {
		r->stream = kept ? kept_file_fd(kept) : -1;
		return open_nameless(r, error);
	}
	r->name = g_strdup("the capture");
	r->fd = kept_file_fd(kept);
	return TRUE;
}

/* How much of it went there; errno tells why not all did. */
static gsize write_all(int fd, const guint8 *bytes, gsize len)
{
	gsize done = 0;

	while (done < len) {
		const ssize_t written = write(fd, bytes + done, len - done);

		if (written >= 0)
			done += (gsize)written;
		else if (errno != EINTR)
			break;
	}
	return done;
}

/* Bytes of the blocks that lie within the first `len`. Each has its length in its second word, as we wrote it. */
static gsize whole_blocks(const GByteArray *blocks, gsize len)
{
	enum { LENGTH_AT = 4, LEAST = 12 };
	guint32 block;
	gsize whole = 0;

	while (whole + LEAST <= len) {
		memcpy(&block, blocks->data + whole + LENGTH_AT, sizeof(block));
		block = GUINT32_FROM_LE(block);
		if (block < LEAST || block > len - whole)
			break;
		whole += block;
	}
	return whole;
}

/* What cannot be read is no use, and it may be all that there is room for. */
static gboolean cut_back(struct recording *r, gsize done, GError **error)
{
	const int why = errno;
	const gsize whole = whole_blocks(r->pending, done);

	r->failed = true;
	r->written += whole;
	if (ftruncate(r->fd, (off_t)r->written) != 0)
		return cannot(r->name, errno, "; what there is of it ends in the middle of a packet", error);
	return cannot(r->name, why, "; the command goes on, what comes from now on is not recorded", error);
}

static gboolean write_file(struct recording *r, GError **error)
{
	const gsize done = r->failed ? r->pending->len : write_all(r->fd, r->pending->data, r->pending->len);

	if (done < r->pending->len)
		return cut_back(r, done, error);
	r->written += r->failed ? 0 : done;
	return TRUE;
}

/* A reader that has seen enough closes its pipe, and that is no failure. */
static gboolean write_stream(struct recording *r, GError **error)
{
	if (r->stream < 0 || write_all(r->stream, r->pending->data, r->pending->len) == r->pending->len)
		return TRUE;
	r->stream = -1;
	return errno == EPIPE ? TRUE : cannot("--save", errno, "; the capture does not go there any more", error);
}

static gboolean write_pending(struct recording *r, GError **error)
{
	const gboolean written = write_file(r, error) && write_stream(r, error);

	g_byte_array_set_size(r->pending, 0);
	return written;
}

/* --- what stands in it ------------------------------------------------------------------------------------- */

static void put_head(struct recording *r, const struct recording_options *options)
{
	struct utsname system;
	const bool known = uname(&system) == 0;
	g_autofree char *os = known ? g_strdup_printf("%s %s", system.sysname, system.release) : NULL;
	const struct pcapng_section section = {
		.hardware = known ? system.machine : NULL, .os = os, .application = options->program};

	pcapng_put_section(r->pending, &section);
}

static void put_interfaces(struct recording *r)
{
	const struct interfaces *all = live_interfaces(r->live);

	for (size_t i = 0; i < interfaces_len(all); i++)
		pcapng_put_interface(r->pending, &interfaces_get(all, i)->seen);
}

struct recording *recording_new(const struct recording_options *options, GError **error)
{
	struct recording *r = g_new0(struct recording, 1);

	r->fd = r->stream = -1;
	r->most = options->most;
	r->pending = g_byte_array_new();
	if (!open_file(r, options->kept, error) || !(r->live = live_open(&options->live, error))) {
		recording_free(r);
		return NULL;
	}
	put_head(r, options);
	put_interfaces(r);
	return r;
}

void recording_free(struct recording *r)
{
	if (!r)
		return;
	live_free(r->live);
	if (r->owns_fd && r->fd >= 0)
		close(r->fd);
	g_byte_array_unref(r->pending);
	g_free(r->name);
	g_free(r);
}

/* --- packets ----------------------------------------------------------------------------------------------- */

static void put_frame(struct recording *r, const struct frame *frame)
{
	if (r->written + r->pending->len + frame->bytes_len > r->most) {
		r->left_out++;
		return;
	}
	pcapng_put_packet(r->pending, frame, frame->interface, NULL);
	r->last_ns = MAX(r->last_ns, frame->time_ns);
}

static void refresh(struct recording *r)
{
	const gint64 now_us = g_get_monotonic_time();

	if (now_us - r->refreshed_us < REFRESH_US)
		return;
	live_refresh(r->live);
	r->refreshed_us = now_us;
}

gboolean recording_take(struct recording *r, int wait_ms, GError **error)
{
	struct frame frames[BATCH];
	size_t n;

	refresh(r);
	do {
		n = live_next(r->live, frames, BATCH, wait_ms);
		for (size_t i = 0; i < n; i++)
			put_frame(r, &frames[i]);
		wait_ms = 0;
	} while (n == BATCH && r->pending->len < WRITE_BYTES);
	return r->pending->len >= WRITE_BYTES || n < BATCH ? write_pending(r, error) : TRUE;
}

gboolean recording_finish(struct recording *r, GError **error)
{
	const struct interfaces *all = live_interfaces(r->live);

	live_refresh(r->live);
	for (size_t i = 0; i < interfaces_len(all); i++) {
		const struct interface *seen = &interfaces_get(all, i)->seen;

		pcapng_put_statistics(r->pending, (uint32_t)i, r->last_ns, seen->received, seen->dropped);
	}
	return write_pending(r, error);
}

int recording_fd(const struct recording *r)
{
	return r->fd;
}

bool recording_is_empty(const struct recording *r)
{
	return r->written == 0;
}

uint64_t recording_left_out(const struct recording *r)
{
	return r->left_out;
}
