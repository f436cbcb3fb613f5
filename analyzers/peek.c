/* What a payload says in clear: TLS alerts (RFC 8446 §6, RFC 5246 §7.2), and the reason some boxes and the draft on
 * RST diagnostics (draft-boucadair-tcpm-rst-diagnostic-payload) put into a RST. */
#include <string.h>

#include <glib.h>

#include "analyzers/step.h"
#include "capture/cursor.h"

enum { TLS_MAJOR = 3, TLS_ALERT_BYTES = 2, TLS_RECORD_HEADER_BYTES = 5 };

void peek_tls_alert(struct step *k)
{
	const struct segment *s = k->s;
	const uint8_t *p = s->payload;
	uint16_t record_bytes;

	if (s->payload_captured < TLS_RECORD_HEADER_BYTES + TLS_ALERT_BYTES || p[0] != TLS_CONTENT_ALERT ||
	    p[1] != TLS_MAJOR)
		return;
	record_bytes = (uint16_t)(p[3] << 8 | p[4]);
	k->c->tls_alert[k->side] = record_bytes == TLS_ALERT_BYTES ? (uint8_t)(p[6] + 1) : TLS_ALERT_ENCRYPTED;
	step_oddity(k)->tls_alert[k->side] = step_packet(k);
}

/* Raw bytes, of which most must be printable ASCII; whoever shows them escapes them. */
static bool is_readable(const uint8_t *p, uint32_t n)
{
	uint32_t printable = 0;

	for (uint32_t i = 0; i < n; i++)
		printable += p[i] >= 0x20 && p[i] < 0x7f;
	return n >= 3 && printable * 10 >= n * 9;
}

/* RFC 8949 §3: the head of an item. Only counts that fit in 32 bits are of use here. */
static uint32_t read_cbor_head(struct cursor *c, uint8_t *out_major)
{
	uint8_t initial = cursor_u8(c);
	uint8_t low = initial & 0x1f;

	*out_major = initial >> 5;
	if (low < 24)
		return low;
	return low == 24 ? cursor_u8(c) : low == 25 ? cursor_u16be(c) : low == 26 ? cursor_u32be(c) : 0;
}

enum { CBOR_UNSIGNED = 0, CBOR_TEXT = 3, CBOR_MAP = 5, CBOR_PAIRS_MAX = 8 };

/* The draft's map: small integer keys, unsigned or text values; written as "key=value". */
static bool read_cbor(const uint8_t *bytes, uint32_t len, GString *out)
{
	struct cursor c = cursor_new(bytes, len, len);
	const uint8_t *text;
	uint8_t major;
	uint32_t pairs = read_cbor_head(&c, &major);

	/* RFC 8742: a sequence may begin with a number, as the draft's examples do. */
	if (major == CBOR_UNSIGNED) {
		g_string_append_printf(out, "CBOR %u", pairs);
		pairs = read_cbor_head(&c, &major);
	}
	if (major != CBOR_MAP || pairs == 0 || pairs > CBOR_PAIRS_MAX)
		return false;
	while (pairs-- > 0 && cursor_ok(&c)) {
		uint32_t key = read_cbor_head(&c, &major), value = read_cbor_head(&c, &major);

		g_string_append_printf(out, "%s%u=", out->len > 0 ? " " : "CBOR ", key);
		if (major == CBOR_UNSIGNED) {
			g_string_append_printf(out, "%u", value);
			continue;
		}
		text = major == CBOR_TEXT ? cursor_take(&c, value) : NULL;
		if (text == NULL)
			return false;
		g_string_append_len(out, (const char *)text, value);
	}
	return cursor_ok(&c);
}

static void keep(struct step *k, const char *text, size_t len)
{
	char *to = step_oddity(k)->rst_text[k->side];
	size_t n = len < FACTS_RST_TEXT_MAX - 1 ? len : FACTS_RST_TEXT_MAX - 1;

	memcpy(to, text, n);
	to[n] = '\0';
}

void peek_reset_text(struct step *k)
{
	const struct segment *s = k->s;
	g_autoptr(GString) cbor = NULL;

	if (s->payload_captured == 0 || oddity_of(k->slabs, k->td)->rst_text[k->side][0] != '\0')
		return;
	if (is_readable(s->payload, s->payload_captured)) {
		keep(k, (const char *)s->payload, s->payload_captured);
		return;
	}
	cbor = g_string_new(NULL);
	if (read_cbor(s->payload, s->payload_captured, cbor))
		keep(k, cbor->str, cbor->len);
}
