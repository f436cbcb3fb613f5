/* Compressed captures give the same frames as what is in them, as far as their data goes, and never more work than
 * they are worth. */
#include "capture/source.h"

#include <lz4frame.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "capture/input.h"
#include "tests/unit/containers.h"
#include "tests/unit/unit.h"

enum { MAX_FRAMES = 64, PACKETS = 15, MIB = 1 << 20 };

/* --- packing ------------------------------------------------------------------------------------------- */

typedef void (*pack_fn)(const uint8_t *data, size_t len, GByteArray *out);

static void pack_gzip(const uint8_t *data, size_t len, GByteArray *out)
{
	enum { GZIP = 16 };
	z_stream z = { 0 };
	deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + GZIP, 9, Z_DEFAULT_STRATEGY);
	guint before = out->len;
	g_byte_array_set_size(out, before + (guint)deflateBound(&z, len) + 64);
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)len;
	z.next_out = out->data + before;
	z.avail_out = out->len - before;
	CU_ASSERT_EQUAL_FATAL(deflate(&z, Z_FINISH), Z_STREAM_END);
	g_byte_array_set_size(out, before + (guint)z.total_out);
	deflateEnd(&z);
}

static void pack_zstd_with(const uint8_t *data, size_t len, int window_log, GByteArray *out)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	if (window_log)
		ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
	guint before = out->len;
	g_byte_array_set_size(out, before + (guint)ZSTD_compressBound(len));
	ZSTD_inBuffer in = { data, len, 0 };
	ZSTD_outBuffer to = { out->data + before, out->len - before, 0 };
	ZSTD_compressStream2(context, &to, &in, ZSTD_e_continue); /* the frame does not know its length */
	CU_ASSERT_EQUAL_FATAL(ZSTD_compressStream2(context, &to, &in, ZSTD_e_end), 0);
	g_byte_array_set_size(out, before + (guint)to.pos);
	ZSTD_freeCCtx(context);
}

static void pack_zstd(const uint8_t *data, size_t len, GByteArray *out)
{
	pack_zstd_with(data, len, 0, out);
}

static void pack_lz4(const uint8_t *data, size_t len, GByteArray *out)
{
	LZ4F_preferences_t preferences = { .frameInfo = { .contentChecksumFlag = LZ4F_contentChecksumEnabled } };
	guint before = out->len;
	g_byte_array_set_size(out, before + (guint)LZ4F_compressFrameBound(len, &preferences));
	size_t made = LZ4F_compressFrame(out->data + before, out->len - before, data, len, &preferences);
	CU_ASSERT_FALSE_FATAL(LZ4F_isError(made));
	g_byte_array_set_size(out, before + (guint)made);
}

static const struct {
	const char *name;
	pack_fn pack;
} packers[] = { { "gzip", pack_gzip }, { "zstd", pack_zstd }, { "lz4", pack_lz4 } };

/* --- what comes out ------------------------------------------------------------------------------------ */

struct outcome {
	uint64_t frames;
	uint32_t sum; /* of all bytes of all frames */
	int code;     /* of the error, -1 without */
	bool opened;
};

static struct outcome read_all(const GByteArray *data)
{
	static struct frame frames[MAX_FRAMES];
	struct bytes b = { .array = (GByteArray *)(uintptr_t)data };
	struct outcome o = { .code = -1 };
	GError *error = NULL;
	struct source *s = bytes_open(&b, &error);
	o.opened = s != NULL;
	for (size_t n; s && (n = source_next_batch(s, frames, MAX_FRAMES, &error)) > 0; o.frames += n) {
		for (size_t i = 0; i < n; i++)
			o.sum = (uint32_t)adler32(o.sum, frames[i].bytes, frames[i].bytes_len);
	}
	source_free(s);
	if (error) {
		o.code = error->code;
		CU_ASSERT_EQUAL(error->domain, SOURCE_ERROR);
		CU_ASSERT_PTR_NULL(strchr(error->message, '\n'));
	}
	g_clear_error(&error);
	return o;
}

static GByteArray *capture; /* a pcap file of PACKETS packets */
static struct outcome plain;

static void make_capture(void)
{
	struct bytes b;
	bytes_init(&b, ORDER_LITTLE);
	put_pcap_header(&b, PCAP_MICROSECONDS, 0, 1);
	for (uint32_t i = 0; i < PACKETS; i++)
		put_pcap_record(&b, 1700000000 + i, i * 1000, 60 + i % 7, 60 + i % 7, (uint8_t)(i * 37));
	capture = b.array;
	plain = read_all(capture);
}

/* --- tests --------------------------------------------------------------------------------------------- */

static void check_whole(const GByteArray *packed)
{
	struct outcome o = read_all(packed);
	CU_ASSERT_EQUAL(o.frames, PACKETS);
	CU_ASSERT_EQUAL(o.sum, plain.sum);
	CU_ASSERT_EQUAL(o.code, -1);
}

static void test_same_frames(void)
{
	CU_ASSERT_EQUAL(plain.frames, PACKETS);
	for (size_t i = 0; i < G_N_ELEMENTS(packers); i++) {
		g_autoptr(GByteArray) packed = g_byte_array_new();
		packers[i].pack(capture->data, capture->len, packed);
		check_whole(packed);
	}
}

/* gzip calls them members, zstd and lz4 frames: one after the other they are one stream, wherever they meet. */
static void test_one_behind_the_other(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(packers); i++) {
		for (guint cut = 0; cut <= capture->len; cut += 53) {
			g_autoptr(GByteArray) packed = g_byte_array_new();
			packers[i].pack(capture->data, cut, packed);
			packers[i].pack(capture->data + cut, capture->len - cut, packed);
			check_whole(packed);
		}
	}
}

static void test_padding_and_skippable_frames(void)
{
	g_autoptr(GByteArray) gzip = g_byte_array_new(), zstd = g_byte_array_new();
	pack_gzip(capture->data, capture->len, gzip);
	g_byte_array_append(gzip, (const guint8 *)"\0\0\0\0\0\0\0", 7);
	check_whole(gzip);
	g_byte_array_append(zstd, (const guint8 *)"\x50\x2a\x4d\x18\4\0\0\0skip", 12);
	pack_zstd(capture->data, capture->len, zstd);
	check_whole(zstd);
}

/* What came before the cut is handed out, and the cut is told. */
static void test_cut_anywhere(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(packers); i++) {
		g_autoptr(GByteArray) packed = g_byte_array_new();
		packers[i].pack(capture->data, capture->len, packed);
		uint64_t before = 0;
		for (guint len = 4; len < packed->len; len++) {
			const GByteArray cut = { packed->data, len };
			struct outcome o = read_all(&cut);
			CU_ASSERT_TRUE(o.frames >= before && o.frames <= PACKETS);
			CU_ASSERT_TRUE(o.code == SOURCE_ERROR_TRUNCATED);
			before = o.frames;
		}
		CU_ASSERT_EQUAL(before, PACKETS); /* all but the end of the check sum is there */
	}
}

/* Every byte of it, turned over: never more frames than there are, and a check sum that fails is told. */
static void test_damage_anywhere(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(packers); i++) {
		g_autoptr(GByteArray) packed = g_byte_array_new();
		packers[i].pack(capture->data, capture->len, packed);
		for (guint at = 0; at < packed->len; at++) {
			packed->data[at] ^= 0xff;
			struct outcome o = read_all(packed);
			packed->data[at] ^= 0xff;
			CU_ASSERT_TRUE(o.code != -1 || (o.frames == PACKETS && o.sum == plain.sum));
			CU_ASSERT_TRUE(o.frames <= PACKETS * 100);
		}
	}
}

static void test_what_follows_is_something_else(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(packers); i++) {
		g_autoptr(GByteArray) packed = g_byte_array_new();
		packers[i].pack(capture->data, capture->len, packed);
		g_byte_array_append(packed, (const guint8 *)"something else, not compressed", 30);
		struct outcome o = read_all(packed);
		CU_ASSERT_EQUAL(o.frames, PACKETS);
		CU_ASSERT_EQUAL(o.code, SOURCE_ERROR_CORRUPT);
	}
}

static void test_twice_but_not_three_times(void)
{
	g_autoptr(GByteArray) once = g_byte_array_new(), twice = g_byte_array_new(), thrice = g_byte_array_new();
	pack_gzip(capture->data, capture->len, once);
	pack_zstd(once->data, once->len, twice);
	check_whole(twice);
	pack_gzip(twice->data, twice->len, thrice);
	struct outcome o = read_all(thrice);
	CU_ASSERT_FALSE(o.opened);
	CU_ASSERT_EQUAL(o.code, SOURCE_ERROR_FORMAT);
}

static void test_nothing_in_it(void)
{
	g_autoptr(GByteArray) packed = g_byte_array_new();
	pack_gzip(capture->data, 0, packed);
	struct outcome o = read_all(packed);
	CU_ASSERT_EQUAL(o.code, SOURCE_ERROR_EMPTY);
}

/* 2^28 bytes of window are refused, 2^27 are not, and no memory is taken for either before it is filled. */
static void test_window(void)
{
	for (int log = 27; log <= 28; log++) {
		g_autoptr(GByteArray) packed = g_byte_array_new();
		pack_zstd_with(capture->data, capture->len, log, packed);
		struct outcome o = read_all(packed);
		CU_ASSERT_EQUAL(o.code, log == 27 ? -1 : SOURCE_ERROR_CORRUPT);
		CU_ASSERT_EQUAL(o.frames, log == 27 ? PACKETS : 0);
	}
}

/* Zeros that pack to next to nothing: reading stops, in bounded memory, and says why. */
static void test_bomb(void)
{
	const size_t len = (size_t)(UNPACK_FLOOR_MIB + 64) * MIB;
	g_autofree uint8_t *zeros = g_malloc0(len);
	g_autoptr(GByteArray) packed = g_byte_array_new();
	g_autofree char *path = NULL;
	struct input in;
	GError *error = NULL;

	pack_zstd(zeros, len, packed);
	close(g_file_open_tmp(NULL, &path, NULL));
	CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, (const char *)packed->data, packed->len, NULL));
	CU_ASSERT_TRUE_FATAL(input_init(&in, path, &input_budget_alone, NULL));
	CU_ASSERT_TRUE(input_open_packed(&in, 12, NULL));
	while (input_fill(&in, 1, &error))
		input_advance(&in, input_len(&in));
	CU_ASSERT_TRUE(g_error_matches(error, SOURCE_ERROR, SOURCE_ERROR_CORRUPT));
	CU_ASSERT_TRUE(error && strstr(error->message, "2000 times"));
	CU_ASSERT_TRUE(in.taken >= (uint64_t)UNPACK_FLOOR_MIB * MIB && in.taken < len);
	CU_ASSERT_EQUAL(in.capacity, input_budget_alone.buffer);
	g_clear_error(&error);
	input_clear(&in);
	unlink(path);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{ "the same frames", test_same_frames },
		{ "one behind the other", test_one_behind_the_other },
		{ "padding and skippable frames", test_padding_and_skippable_frames },
		{ "cut anywhere", test_cut_anywhere },
		{ "damaged anywhere", test_damage_anywhere },
		{ "something else follows", test_what_follows_is_something_else },
		{ "packed twice", test_twice_but_not_three_times },
		{ "nothing in it", test_nothing_in_it },
		{ "zstd's window", test_window },
		{ "a bomb", test_bomb },
		CU_TEST_INFO_NULL,
	};
	make_capture();
	int status = unit_main("capture: compression", tests);
	g_byte_array_unref(capture);
	return status;
}
