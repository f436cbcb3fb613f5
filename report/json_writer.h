/* Writes JSON into one growing buffer, for NDJSON: a line is built, handed on whole, and the buffer is used
 * again. Commas come by themselves. No printf, no locale, no floating point: a measured run of several
 * hundred thousand lines spends its time elsewhere. */
#ifndef REPORT_JSON_WRITER_H
#define REPORT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_writer {
	char *bytes; /* the text so far, not zero-terminated */
	size_t len;
	size_t size;
	bool comma; /* a value came before: the next one needs a comma */
};

void json_init(struct json_writer *w);
void json_clear(struct json_writer *w); /* frees the buffer */
void json_reset(struct json_writer *w); /* empties it */

void json_begin_object(struct json_writer *w);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end_array(struct json_writer *w);
void json_end_line(struct json_writer *w);

/* key must need no escaping: letters, digits, underscores. */
void json_key(struct json_writer *w, const char *key);

void json_null(struct json_writer *w);
void json_bool(struct json_writer *w, bool value);
void json_unsigned(struct json_writer *w, uint64_t value);
void json_integer(struct json_writer *w, int64_t value);
/* value / 10^digits with exactly that many decimals, digits from 1 to 18. */
void json_decimal(struct json_writer *w, int64_t value, unsigned digits);
/* RFC 3339, UTC, nanoseconds. */
void json_time(struct json_writer *w, int64_t time_ns);
/* NULL is null. What is not UTF-8 becomes U+FFFD; controls and invisible formatting are escaped. */
void json_string(struct json_writer *w, const char *text);
void json_string_len(struct json_writer *w, const char *text, size_t len);

#endif
