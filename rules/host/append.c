#include "rules/host/append.h"

#include "rules/host/digits.h"

void append_grow(GString *out, gsize len)
{
	const gsize old = out->len;

	g_string_set_size(out, old + len);
	g_string_truncate(out, old);
}

void append_unsigned(GString *out, uint64_t value)
{
	const unsigned count = digits_count(value);

	digits_fixed(append_room(out, DIGITS_MAX), value, count);
	append_done(out, count);
}

static uint64_t append_sign(GString *out, int64_t value)
{
	if (value >= 0)
		return (uint64_t)value;
	append_char(out, '-');
	return -(uint64_t)value;
}

void append_integer(GString *out, int64_t value)
{
	append_unsigned(out, append_sign(out, value));
}

static uint64_t power_of_ten(unsigned exponent)
{
	uint64_t power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

void append_decimal(GString *out, int64_t value, unsigned decimals)
{
	const uint64_t whole = power_of_ten(decimals), rest = append_sign(out, value);

	append_unsigned(out, rest / whole);
	append_char(out, '.');
	digits_fixed(append_room(out, decimals), rest % whole, decimals);
	append_done(out, decimals);
}
