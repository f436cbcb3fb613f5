#include "report/json_writer.h"

#include <string.h>

#include <glib.h>

#include "report/escape.h"
#include "report/timestamp.h"

enum { JSON_FIRST_SIZE = 4096, JSON_DIGITS_MAX = 20 };

static char *reserve(struct json_writer *w, size_t len)
{
	if (len > w->size - w->len) {
		while (len > w->size - w->len)
			w->size *= 2;
		w->bytes = g_realloc(w->bytes, w->size);
	}
	return w->bytes + w->len;
}

static void put(struct json_writer *w, const char *bytes, size_t len)
{
	memcpy(reserve(w, len), bytes, len);
	w->len += len;
}

static void put_char(struct json_writer *w, char c)
{
	*reserve(w, 1) = c;
	w->len++;
}

static void separate(struct json_writer *w)
{
	if (w->comma)
		put_char(w, ',');
	w->comma = true;
}

void json_init(struct json_writer *w)
{
	w->bytes = g_malloc(JSON_FIRST_SIZE);
	w->size = JSON_FIRST_SIZE;
	json_reset(w);
}

void json_clear(struct json_writer *w)
{
	g_free(w->bytes);
	w->bytes = NULL;
	w->len = w->size = 0;
}

void json_reset(struct json_writer *w)
{
	w->len = 0;
	w->comma = false;
}

static void begin(struct json_writer *w, char bracket)
{
	separate(w);
	put_char(w, bracket);
	w->comma = false;
}

static void end(struct json_writer *w, char bracket)
{
	put_char(w, bracket);
	w->comma = true;
}

void json_begin_object(struct json_writer *w)
{
	begin(w, '{');
}

void json_end_object(struct json_writer *w)
{
	end(w, '}');
}

void json_begin_array(struct json_writer *w)
{
	begin(w, '[');
}

void json_end_array(struct json_writer *w)
{
	end(w, ']');
}

void json_end_line(struct json_writer *w)
{
	put_char(w, '\n');
	w->comma = false;
}

void json_key(struct json_writer *w, const char *key)
{
	separate(w);
	put_char(w, '"');
	put(w, key, strlen(key));
	put(w, "\":", 2);
	w->comma = false;
}

void json_null(struct json_writer *w)
{
	separate(w);
	put(w, "null", 4);
}

void json_bool(struct json_writer *w, bool value)
{
	separate(w);
	if (value)
		put(w, "true", 4);
	else
		put(w, "false", 5);
}

/* Writes the digits of value, at least min_digits of them, so that they end before `end`; returns where they
 * begin. */
static char *digits_before(char *end_of_digits, uint64_t value, unsigned min_digits)
{
	char *at = end_of_digits;

	do {
		*--at = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0 || (unsigned)(end_of_digits - at) < min_digits);
	return at;
}

static uint64_t magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

void json_unsigned(struct json_writer *w, uint64_t value)
{
	char digits[JSON_DIGITS_MAX];
	char *at = digits_before(digits + sizeof(digits), value, 1);

	separate(w);
	put(w, at, (size_t)(digits + sizeof(digits) - at));
}

void json_integer(struct json_writer *w, int64_t value)
{
	separate(w);
	w->comma = false;
	if (value < 0)
		put_char(w, '-');
	json_unsigned(w, magnitude(value));
}

void json_decimal(struct json_writer *w, int64_t value, unsigned decimals)
{
	char digits[JSON_DIGITS_MAX];
	char *last = digits + sizeof(digits);
	char *at = digits_before(last, magnitude(value), decimals + 1);

	separate(w);
	if (value < 0)
		put_char(w, '-');
	put(w, at, (size_t)(last - at) - decimals);
	put_char(w, '.');
	put(w, last - decimals, decimals);
}

void json_time(struct json_writer *w, int64_t time_ns)
{
	separate(w);
	char *out = reserve(w, TIMESTAMP_LEN + 2);
	out[0] = out[TIMESTAMP_LEN + 1] = '"';
	timestamp_write(out + 1, time_ns);
	w->len += TIMESTAMP_LEN + 2;
}

static void put_code_unit(struct json_writer *w, unsigned unit)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = {'\\', 'u', hex[unit >> 12 & 15], hex[unit >> 8 & 15], hex[unit >> 4 & 15], hex[unit & 15]};

	put(w, text, sizeof(text));
}

/* The short escapes of RFC 8259 where there is one, else UTF-16 code units. */
static void put_escaped(struct json_writer *w, gunichar c)
{
	static const char shorts[][2] = {{'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}, {'\b', 'b'}, {'\f', 'f'},
	                                 {'"', '"'},  {'\\', '\\'}};

	for (size_t i = 0; i < G_N_ELEMENTS(shorts); i++) {
		if (c == (unsigned char)shorts[i][0]) {
			put_char(w, '\\');
			put_char(w, shorts[i][1]);
			return;
		}
	}
	if (c >= 0x10000) {
		put_code_unit(w, 0xd800 + ((c - 0x10000) >> 10));
		put_code_unit(w, 0xdc00 + ((c - 0x10000) & 0x3ff));
	} else {
		put_code_unit(w, c);
	}
}

/* Characters that a JSON string may hold as they are and that no terminal obeys. */
static bool is_ascii_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static size_t plain_run(const char *text, size_t len)
{
	size_t run = 0;

	while (run < len && is_ascii_plain((unsigned char)text[run]))
		run++;
	return run;
}

static size_t put_one(struct json_writer *w, const char *text, size_t len)
{
	gunichar c;
	size_t step = escape_next(text, len, &c);

	if (step == 0) {
		put(w, "\xef\xbf\xbd", 3); /* U+FFFD */
		return 1;
	}
	if (c >= 0x80 && escape_is_plain(c))
		put(w, text, step);
	else
		put_escaped(w, c);
	return step;
}

void json_string_len(struct json_writer *w, const char *text, size_t len)
{
	separate(w);
	put_char(w, '"');
	while (len > 0) {
		size_t step = plain_run(text, len);

		if (step > 0)
			put(w, text, step);
		else
			step = put_one(w, text, len);
		text += step;
		len -= step;
	}
	put_char(w, '"');
}

void json_string(struct json_writer *w, const char *text)
{
	if (text)
		json_string_len(w, text, strlen(text));
	else
		json_null(w);
}
