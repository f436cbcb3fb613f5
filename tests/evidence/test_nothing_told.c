/* Of every sample, with invented addresses: no output, and not the evidence, holds an address or a MAC address of the sample,
 * in words or as bytes.
 *
 * What is looked for is found without the decoder that is under test: addresses where a header of IPv4 begins by its first
 * byte and its checksum (in tunnels, and in what ICMP quotes), those of IPv6 by its first bits and length, MAC addresses at
 * the beginning of Ethernet frames; and beside it all that decode finds. */
#include "tests/evidence/handing_on.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "capture/checksum.h"
#include "capture/cursor.h"
#include "capture/decode.h"
#include "capture/linktype.h"
#include "capture/source.h"
#include "tests/hostile/whole_run.h"
#include "tests/unit/every_capture.h"
#include "tests/unit/unit.h"

enum { BATCH = 64, MAC_BYTES = 6, IPV4_AT = 12, IPV4_HEADER = 20, IPV6_HEADER = 40 };

struct secrets {
	GHashTable *addresses; /* GBytes of 4 or 16 */
	GHashTable *stations;  /* GBytes of 6 */
};

struct looking {
	struct anonymizer *anonymizer; /* NULL: things are there to be found */
	size_t secrets, outputs, told;
};

/* --- what must not be told ---------------------------------------------------------------------------- */
static void add(GHashTable *set, const uint8_t *bytes, size_t len)
{
	g_hash_table_add(set, g_bytes_new(bytes, len));
}

/* Not what is kept because it names nobody. */
static void add_ipv4(struct secrets *s, const uint8_t *a)
{
	if (a[0] != 0 && a[0] != 127 && load_u32be(a) != UINT32_MAX)
		add(s->addresses, a, 4);
}

static void add_address(struct secrets *s, const uint8_t a[16])
{
	static const uint8_t zeros[15], mapped[IPV4_AT] = { [10] = 0xff, [11] = 0xff };

	if (memcmp(a, mapped, sizeof(mapped)) == 0)
		add_ipv4(s, a + IPV4_AT);
	else if (memcmp(a, zeros, sizeof(zeros)) != 0 && a[0] != 0xff)
		add(s->addresses, a, 16);
}

/* Zeros and ones, and what is made of them, are in any file. */
static void add_station(struct secrets *s, const uint8_t *mac)
{
	unsigned plain = 0;

	for (unsigned i = 0; i < MAC_BYTES; i++)
		plain += mac[i] == 0 || mac[i] == 0xff;
	if (plain < 4)
		add(s->stations, mac, MAC_BYTES);
}

static void look_for_ip(struct secrets *s, const uint8_t *p, size_t len)
{
	for (size_t at = 0; at + IPV4_HEADER <= len; at++) {
		if (p[at] == 0x45 && checksum_fold(checksum_add(0, p + at, IPV4_HEADER)) == 0xffff) {
			add_ipv4(s, p + at + 12);
			add_ipv4(s, p + at + 16);
		}
		if (at + IPV6_HEADER <= len && load_u32be(p + at) == UINT32_C(0x60000000) &&
		    load_u16be(p + at + 4) == len - at - IPV6_HEADER) {
			add_address(s, p + at + 8);
			add_address(s, p + at + 24);
		}
	}
}

static void look_at_frame(struct secrets *s, const struct frame *f)
{
	struct segment segment;

	look_for_ip(s, f->bytes, f->bytes_len);
	decode_frame(f, &segment);
	if (segment.kind == SEGMENT_TCP || segment.kind == SEGMENT_ICMP_ERROR || segment.kind == SEGMENT_NOTICE) {
		add_address(s, segment.source);
		add_address(s, segment.target);
	}
	if (segment.kind == SEGMENT_ICMP_ERROR)
		add_address(s, segment.icmp_source);
	if (segment.kind == SEGMENT_NOTICE)
		add_station(s, segment.notice_mac);
	if (f->linktype == LINKTYPE_ETHERNET && f->bytes_len >= 2 * MAC_BYTES) {
		add_station(s, f->bytes);
		add_station(s, f->bytes + MAC_BYTES);
	}
}

static void gather(struct secrets *s, const char *path)
{
	struct frame frames[BATCH];
	struct source *source = source_open(path, NULL);
	size_t n;

	while (source && (n = source_next_batch(source, frames, BATCH, NULL)) > 0) {
		for (size_t i = 0; i < n; i++)
			look_at_frame(s, &frames[i]);
	}
	source_free(source);
}

/* --- looking for it ------------------------------------------------------------------------------------ */
static bool holds(const char *output, size_t output_len, const void *what, size_t len)
{
	return memmem(output, output_len, what, len) != NULL;
}

static bool continues(char c)
{
	return g_ascii_isalnum(c) || c == '.' || c == ':';
}

/* The words by themselves: 192.0.2.1 is not in 192.0.2.13. A dot may end a sentence. */
static bool holds_word(const char *output, size_t output_len, const char *word)
{
	const size_t len = strlen(word);
	const char *at = output, *end = output + output_len;

	while ((at = memmem(at, (size_t)(end - at), word, len))) {
		const char *next = at + len;
		const bool goes_on = next < end && (g_ascii_isalnum(*next) || (next + 1 < end && *next == '.' && g_ascii_isdigit(next[1])));

		if (!goes_on && (at == output || !continues(at[-1])))
			return true;
		at++;
	}
	return false;
}

static bool tells_address(const char *output, size_t output_len, GBytes *address)
{
	char word[INET6_ADDRSTRLEN];
	gsize len;
	const void *bytes = g_bytes_get_data(address, &len);

	inet_ntop(len == 4 ? AF_INET : AF_INET6, bytes, word, sizeof(word));
	return holds(output, output_len, bytes, len) || holds_word(output, output_len, word);
}

static bool tells_station(const char *output, size_t output_len, GBytes *station)
{
	gsize len;
	const uint8_t *m = g_bytes_get_data(station, &len);
	g_autofree char *word = g_strdup_printf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);

	return holds(output, output_len, m, len) || holds_word(output, output_len, word);
}

static void look(struct looking *l, const struct secrets *s, const char *path, const char *name, const char *output,
                 size_t output_len)
{
	GHashTableIter all;
	gpointer secret;
	size_t told = 0;

	g_hash_table_iter_init(&all, s->addresses);
	while (g_hash_table_iter_next(&all, &secret, NULL))
		told += tells_address(output, output_len, secret);
	g_hash_table_iter_init(&all, s->stations);
	while (g_hash_table_iter_next(&all, &secret, NULL))
		told += tells_station(output, output_len, secret);
	l->outputs++;
	l->told += told > 0;
	if (told > 0 && l->anonymizer)
		printf("\n%s: %s tells %u addresses", path, name, (unsigned)told);
}

/* --- the outputs --------------------------------------------------------------------------------------- */
static void look_at_runs(struct looking *l, const struct secrets *s, const char *path)
{
	static const char *const names[] = {"NDJSON", "text", "an explanation"};
	char *bytes[3] = {NULL};
	size_t len[3] = {0};
	FILE *files[3];
	struct whole_run run = {.explained_id = 1, .options = {.threads = 1, .anonymizer = l->anonymizer}};

	for (size_t i = 0; i < 3; i++)
		files[i] = open_memstream(&bytes[i], &len[i]);
	run.ndjson = files[0];
	run.text = files[1];
	run.explanation = files[2];
	whole_run(&run, path);
	for (size_t i = 0; i < 3; i++) {
		fclose(files[i]);
		look(l, s, path, names[i], bytes[i], len[i]);
		free(bytes[i]);
	}
}

static void look_at_file(const char *path, void *user)
{
	struct looking *l = user;
	struct secrets s = {
		.addresses = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL),
		.stations = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL),
	};
	g_autoptr(GByteArray) evidence = handing_on_evidence(path, l->anonymizer, 0);

	gather(&s, path);
	l->secrets += g_hash_table_size(s.addresses) + g_hash_table_size(s.stations);
	look(l, &s, path, "the evidence", (const char *)evidence->data, evidence->len);
	look_at_runs(l, &s, path);
	g_hash_table_unref(s.addresses);
	g_hash_table_unref(s.stations);
}

static void test_nothing_is_told(void)
{
	static const uint8_t key[] = "a key that tests may know";
	struct looking l = {.anonymizer = anonymizer_new(key, sizeof(key))};

	every_capture(look_at_file, &l);
	printf("(%u secrets, %u outputs) ", (unsigned)l.secrets, (unsigned)l.outputs);
	CU_ASSERT_TRUE(l.secrets > 500);
	CU_ASSERT_EQUAL(l.told, 0);
	anonymizer_free(l.anonymizer);
}

/* Else nothing would be found because it is looked for in the wrong way. */
static void test_without_it_all_is_told(void)
{
	struct looking l = {0};

	every_capture(look_at_file, &l);
	printf("(%u of %u) ", (unsigned)l.told, (unsigned)l.outputs);
	CU_ASSERT_TRUE(l.told * 10 > l.outputs * 7);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		{"nothing is told", test_nothing_is_told},
		{"without it all is told", test_without_it_all_is_told},
		CU_TEST_INFO_NULL,
	};

	g_unsetenv("HANGUP_FOREIGN_CAPTURES"); /* what is in those, nobody promises */
	return unit_main("evidence: nothing told", tests);
}
