#include "tests/hostile/ndjson_check.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>
#include <jansson.h>

static void check_packet(const json_t *number, uint64_t last_packet)
{
	if (json_is_null(number))
		return;
	g_assert(json_is_integer(number));
	g_assert(json_integer_value(number) >= 1 && (uint64_t)json_integer_value(number) <= last_packet);
}

static void check_evidence(const json_t *evidence, uint64_t last_packet)
{
	json_int_t before = 0;
	const json_t *one;
	size_t i;

	g_assert(json_is_array(evidence));
	json_array_foreach(evidence, i, one) {
		const json_t *packet = json_object_get(one, "packet");

		check_packet(packet, last_packet);
		if (!json_is_integer(packet))
			continue;
		g_assert(json_integer_value(packet) >= before);
		before = json_integer_value(packet);
	}
}

static void check_connection(const json_t *c, uint64_t id, uint64_t last_packet)
{
	g_assert_cmpstr(json_string_value(json_object_get(c, "schema")), ==, "hangup.connection/1");
	g_assert((uint64_t)json_integer_value(json_object_get(c, "id")) == id);
	check_packet(json_object_get(c, "first_packet"), last_packet);
	check_packet(json_object_get(c, "last_packet"), last_packet);
	check_evidence(json_object_get(c, "evidence"), last_packet);
	g_assert(json_is_string(json_object_get(c, "label")) && json_is_string(json_object_get(c, "summary")));
	g_assert(json_real_value(json_object_get(c, "confidence")) <= 1);
}

/* Its connections are there, in order, each in this incident only. */
static void check_incident(const json_t *i, uint64_t id, bool *in_one, uint64_t connections)
{
	const json_t *number;
	json_int_t before = 0;
	size_t place;

	g_assert_cmpstr(json_string_value(json_object_get(i, "schema")), ==, "hangup.incident/1");
	g_assert((uint64_t)json_integer_value(json_object_get(i, "id")) == id);
	g_assert(json_is_string(json_object_get(i, "sentence")));
	g_assert(json_array_size(json_object_get(i, "connections")) > 1);
	json_array_foreach(json_object_get(i, "connections"), place, number) {
		g_assert(json_integer_value(number) > before && (uint64_t)json_integer_value(number) <= connections);
		before = json_integer_value(number);
		g_assert(!in_one[before - 1]);
		in_one[before - 1] = true;
	}
}

void ndjson_check(const char *text, size_t len, uint64_t connections, uint64_t last_packet)
{
	g_autofree bool *in_one = g_new0(bool, connections);
	uint64_t lines = 0;

	for (const char *at = text, *end = text + len; at < end; lines++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		json_error_t why;
		json_t *line;

		g_assert(newline != NULL);
		line = json_loadb(at, (size_t)(newline - at), JSON_REJECT_DUPLICATES, &why);
		if (line == NULL)
			g_error("line %" G_GUINT64_FORMAT " is no JSON: %s", lines + 1, why.text);
		if (lines < connections)
			check_connection(line, lines + 1, last_packet);
		else
			check_incident(line, lines + 1 - connections, in_one, connections);
		json_decref(line);
		at = newline + 1;
	}
	g_assert(lines >= connections);
}
