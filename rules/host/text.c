/* Templates are compiled into plugins and numbers come from packets, so nothing here trusts either: a template
 * is only ever copied or replaced by what we format ourselves, and anything unknown in braces stays as it is.
 * Numbers are written with integer arithmetic: the same bytes in every locale. */
#include "rules/host/text.h"

#include <stdbool.h>
#include <string.h>

#include "rules/host/append.h"
#include "rules/host/digits.h"

/* A unit that quantities are written in, and how many of the smallest unit it holds. */
struct unit {
	const char *name;
	uint64_t size;
};

/* Absolute value, INT64_MIN included; a minus sign is written first. */
static uint64_t append_sign(GString *out, int64_t value)
{
	if (value >= 0)
		return (uint64_t)value;
	append_char(out, '-');
	return -(uint64_t)value;
}

static void append_unit(GString *out, const struct unit *unit)
{
	append_char(out, ' ');
	append_text(out, unit->name);
}

/* Three digits at most: 1.23, 12.3, 123; zeros that say nothing are left out. False when it would take more. */
static bool append_three_digits(GString *out, uint64_t value, const struct unit *unit)
{
	uint64_t scale = 100;
	uint64_t scaled = 0;

	for (; scale >= 1; scale /= 10) {
		if (unit->size < scale)
			continue;
		scaled = (value + unit->size / scale / 2) / (unit->size / scale);
		if (scaled < 1000)
			break;
	}
	if (scale == 0)
		return false;
	for (; scale > 1 && scaled % 10 == 0; scaled /= 10)
		scale /= 10;
	append_unsigned(out, scaled / scale);
	if (scale > 1) {
		const unsigned decimals = scale == 100 ? 2 : 1;

		append_char(out, '.');
		digits_fixed(append_room(out, decimals), scaled % scale, decimals);
		append_done(out, decimals);
	}
	append_unit(out, unit);
	return true;
}

enum { NS_PER_S = 1000000000 };

/* Beyond 999 s people count in minutes, hours and days: the two largest that are not zero. */
static void append_long_duration(GString *out, uint64_t ns)
{
	static const struct unit units[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
	const uint64_t seconds = (ns + NS_PER_S / 2) / NS_PER_S;
	size_t i = 0;

	while (seconds < units[i].size)
		i++;
	append_unsigned(out, seconds / units[i].size);
	append_unit(out, &units[i]);
	const uint64_t rest = seconds % units[i].size / units[i + 1].size;
	if (rest > 0) {
		append_char(out, ' ');
		append_unsigned(out, rest);
		append_unit(out, &units[i + 1]);
	}
}

void text_append_duration(GString *out, int64_t ns)
{
	static const struct unit units[] = {{"ns", 1}, {"\xc2\xb5s", 1000}, {"ms", 1000000}, {"s", NS_PER_S}};
	const uint64_t value = append_sign(out, ns);

	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (append_three_digits(out, value, &units[i]))
			return;
	}
	append_long_duration(out, value);
}

/* Three digits would show the next whole second. */
static bool would_reach_a_second(int64_t ns)
{
	enum { TENTHS_BELOW_S = 100 };
	const int64_t rounding = ns < TENTHS_BELOW_S * (int64_t)NS_PER_S ? NS_PER_S / 20 : NS_PER_S / 2;

	return ns % NS_PER_S + rounding >= NS_PER_S;
}

void text_append_lived(GString *out, int64_t ns)
{
	enum { NS_PER_MS = 1000000, DECIMALS = 3 };

	if (ns < NS_PER_S || !would_reach_a_second(ns)) {
		text_append_duration(out, ns);
		return;
	}
	append_decimal(out, ns / NS_PER_MS, DECIMALS);
	append_literal(out, " s");
}

void text_append_bytes(GString *out, int64_t bytes)
{
	static const struct unit units[] = {
		{"bytes", 1},
		{"kB", 1000},
		{"MB", 1000000},
		{"GB", 1000000000},
		{"TB", 1000000000000},
		{"PB", 1000000000000000},
		{"EB", 1000000000000000000},
	};
	const uint64_t value = append_sign(out, bytes);

	if (value == 1) {
		append_literal(out, "1 byte");
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (append_three_digits(out, value, &units[i]))
			return;
	}
	g_assert_not_reached(); /* 2^63 bytes are 9.22 EB */
}

static bool is_ipv4(const uint8_t address[16])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(address, mapped, sizeof mapped) == 0;
}

/* The longest run of two or more zero groups, the first of equals: what RFC 5952 §4.2 writes as "::". */
static void longest_zero_run(const uint16_t group[8], size_t *out_start, size_t *out_len)
{
	size_t len = 0;

	*out_start = 8;
	*out_len = 1;
	for (size_t i = 0; i < 8; i++) {
		len = group[i] == 0 ? len + 1 : 0;
		if (len > *out_len) {
			*out_len = len;
			*out_start = i + 1 - len;
		}
	}
}

/* Without zeros in front. */
static void append_hex(GString *out, uint16_t value)
{
	static const char digits[] = "0123456789abcdef";
	unsigned shift = 12;

	while (shift > 0 && value >> shift == 0)
		shift -= 4;
	for (;; shift -= 4) {
		append_char(out, digits[value >> shift & 15]);
		if (shift == 0)
			return;
	}
}

static void append_ipv4(GString *out, const uint8_t octet[4])
{
	for (size_t i = 0; i < 4; i++) {
		if (i > 0)
			append_char(out, '.');
		append_unsigned(out, octet[i]);
	}
}

static void append_ipv6(GString *out, const uint8_t address[16])
{
	uint16_t group[8];
	size_t start, len;

	for (size_t i = 0; i < 8; i++)
		group[i] = (uint16_t)(address[2 * i] << 8 | address[2 * i + 1]);
	longest_zero_run(group, &start, &len);
	for (size_t i = 0; i < 8; i++) {
		if (i == start) {
			append_literal(out, "::");
			i += len - 1;
			continue;
		}
		if (i > 0 && i != start + len)
			append_char(out, ':');
		append_hex(out, group[i]);
	}
}

void text_append_address(GString *out, const uint8_t address[16])
{
	if (is_ipv4(address))
		append_ipv4(out, address + 12);
	else
		append_ipv6(out, address);
}

void text_append_end(GString *out, const struct facts_end *end)
{
	const bool brackets = !is_ipv4(end->address);

	append_text(out, brackets ? "[" : "");
	text_append_address(out, end->address);
	append_text(out, brackets ? "]:" : ":");
	append_unsigned(out, end->port);
}

static void append_side(GString *out, int64_t side)
{
	append_text(out, side == HANGUP_CLIENT ? "client" : side == HANGUP_SERVER ? "server" : "unknown");
}

/* How a number may be written: what stands after its name. */
static const struct {
	const char *suffix;
	void (*append)(GString *out, int64_t value);
} formats[] = {
	{"", append_integer},
	{":ns", text_append_duration},
	{":bytes", text_append_bytes},
	{":side", append_side},
};

static bool append_formatted(GString *out, const char *suffix, size_t suffix_len, int64_t value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (strlen(formats[i].suffix) == suffix_len && memcmp(formats[i].suffix, suffix, suffix_len) == 0) {
			formats[i].append(out, value);
			return true;
		}
	}
	return false;
}

static bool name_is(const char *name, size_t name_len, const char *wanted)
{
	return strlen(wanted) == name_len && memcmp(name, wanted, name_len) == 0;
}

/* Expands what stood between braces; false when it means nothing to us. */
static bool append_placeholder(GString *out, const char *name, size_t name_len, const struct case_text *text,
                               const struct facts *facts)
{
	if (name_is(name, name_len, "client") || name_is(name, name_len, "server")) {
		text_append_end(out, &facts->end[name[0] == 'c' ? HANGUP_CLIENT : HANGUP_SERVER]);
		return true;
	}
	if (name_len == 0 || (name[0] != 'a' && name[0] != 'b'))
		return false;
	return append_formatted(out, name + 1, name_len - 1, name[0] == 'a' ? text->a : text->b);
}

static size_t length_to_brace(const char *text)
{
	size_t len = 0;

	while (text[len] != '\0' && text[len] != '{' && text[len] != '}')
		len++;
	return len;
}

void text_expand(GString *out, const struct case_text *text, const struct facts *facts)
{
	const char *at = text->template;

	while (*at != '\0') {
		const char *brace = strchr(at, '{');

		append_bytes(out, at, brace ? (size_t)(brace - at) : strlen(at));
		if (brace == NULL)
			break;
		at = brace;
		const size_t name_len = length_to_brace(at + 1);
		if (at[1 + name_len] == '}' && append_placeholder(out, at + 1, name_len, text, facts)) {
			at += name_len + 2;
		} else {
			append_char(out, '{');
			at++;
		}
	}
}
