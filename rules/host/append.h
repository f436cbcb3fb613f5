/* Appending to a GString where it is done millions of times: in line, without a call where there is room, and without
 * printf. */
#ifndef RULES_HOST_APPEND_H
#define RULES_HOST_APPEND_H

#include <stdint.h>
#include <string.h>

#include <glib.h>

/* For append_room(). */
void append_grow(GString *out, gsize len);

/* Where the next byte goes, with room for that many and the zero; then append_done() with what was written. */
static inline char *append_room(GString *out, gsize len)
{
	if (G_UNLIKELY(out->allocated_len - out->len <= len))
		append_grow(out, len);
	return out->str + out->len;
}

static inline void append_done(GString *out, gsize len)
{
	out->len += len;
	out->str[out->len] = '\0';
}

static inline void append_bytes(GString *out, const char *bytes, gsize len)
{
	memcpy(append_room(out, len), bytes, len);
	append_done(out, len);
}

static inline void append_text(GString *out, const char *text)
{
	append_bytes(out, text, strlen(text));
}

static inline void append_char(GString *out, char c)
{
	*append_room(out, 1) = c;
	append_done(out, 1);
}

#define append_literal(out, text) append_bytes(out, "" text, sizeof(text) - 1)

void append_unsigned(GString *out, uint64_t value);
void append_integer(GString *out, int64_t value);
/* value / 10^decimals with exactly that many decimals, at most 18. */
void append_decimal(GString *out, int64_t value, unsigned decimals);

#endif
