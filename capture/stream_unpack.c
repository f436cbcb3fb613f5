/* One compressed stream on top of another stream. Memory is one buffer and what the codec needs, whatever the data
 * says; work is bounded by the bytes of the file at the bottom, so that a small file cannot keep us busy for ever. */
#include "capture/stream.h"

#include "capture/codec.h"
#include "capture/source.h"

struct stream_unpack {
	struct stream stream;
	struct stream *below;
	const struct stream_file *file; /* at the bottom */
	const struct codec *codec;
	void *state;
	enum codec_status status;
	uint8_t *buffer;
	size_t capacity;
	size_t start, end; /* compressed bytes that wait: buffer[start..end) */
	bool below_ended;
	uint64_t made; /* bytes */
	GError *failure; /* waits for what was made before it to be taken */
};

/* One step of the codec from the buffer to out. Returns the bytes made. */
static size_t unpack(struct stream_unpack *u, uint8_t *out, size_t size, const char **problem)
{
	struct codec_step step = {
		.in = u->buffer + u->start, .in_len = u->end - u->start, .out = out, .out_len = size,
	};
	u->status = u->codec->decode(u->state, &step);
	if (u->status != CODEC_BAD && step.in_len == u->end - u->start && step.out_len == size && step.in_len > 0) {
		u->status = CODEC_BAD; /* never seen; would be for ever */
		step.problem = "it makes no progress";
	}
	u->start = u->end - step.in_len;
	u->made += size - step.out_len;
	*problem = step.problem;
	return size - step.out_len;
}

static void set_bad(struct stream_unpack *u, const char *problem)
{
	g_set_error(&u->failure, SOURCE_ERROR, SOURCE_ERROR_CORRUPT,
	            "%s: cannot be unpacked beyond byte %" G_GUINT64_FORMAT " of what is in it; %s says: %s",
	            u->file->name, u->made, u->codec->name, problem);
}

static void set_cut(struct stream_unpack *u)
{
	g_set_error(&u->failure, SOURCE_ERROR, SOURCE_ERROR_TRUNCATED,
	            "%s: ends in the middle of its %s data, after %" G_GUINT64_FORMAT " bytes of what is in it",
	            u->file->name, u->codec->name, u->made);
}

static void check_expansion(struct stream_unpack *u)
{
	if (u->failure || u->made >> 20 < UNPACK_FLOOR_MIB || u->made / UNPACK_RATIO_MAX <= u->file->taken)
		return;
	g_set_error(&u->failure, SOURCE_ERROR, SOURCE_ERROR_CORRUPT,
	            "%s: grows to more than %d times its size when unpacked; what comes after %" G_GUINT64_FORMAT
	            " bytes of it is not read (unpack it yourself if you trust it)",
	            u->file->name, UNPACK_RATIO_MAX, u->made);
}

/* More compressed bytes into the empty buffer. */
static void refill(struct stream_unpack *u)
{
	gssize got = u->below->read(u->below, u->buffer, u->capacity, &u->failure);
	u->start = 0;
	u->end = got > 0 ? (size_t)got : 0;
	u->below_ended = got == 0;
}

static gssize give_failure(struct stream_unpack *u, GError **error)
{
	g_propagate_error(error, g_error_copy(u->failure));
	return -1;
}

static gssize stream_unpack_read(struct stream *s, uint8_t *out, size_t size, GError **error)
{
	struct stream_unpack *u = (struct stream_unpack *)s;
	const char *problem = NULL;
	while (!u->failure) {
		size_t made = unpack(u, out, size, &problem);
		if (u->status == CODEC_BAD)
			set_bad(u, problem);
		check_expansion(u);
		if (made > 0)
			return (gssize)made;
		if (u->failure || u->start < u->end)
			continue;
		if (!u->below_ended)
			refill(u);
		else if (u->status == CODEC_BETWEEN)
			return 0;
		else
			set_cut(u);
	}
	return give_failure(u, error);
}

static void stream_unpack_free(struct stream *s)
{
	struct stream_unpack *u = (struct stream_unpack *)s;
	u->codec->free(u->state);
	stream_free(u->below);
	g_clear_error(&u->failure);
	g_free(u->buffer);
	g_free(u);
}

struct stream *stream_unpack_new(struct stream *below, const struct stream_file *file, const struct codec *codec,
                                 size_t window_max, uint8_t *buffer, size_t capacity, size_t start, size_t end)
{
	struct stream_unpack *u = g_new0(struct stream_unpack, 1);
	u->stream = (struct stream){ stream_unpack_read, stream_unpack_free };
	u->below = below;
	u->file = file;
	u->codec = codec;
	u->state = codec->open(window_max);
	u->buffer = buffer;
	u->capacity = capacity;
	u->start = start;
	u->end = end;
	return &u->stream;
}
