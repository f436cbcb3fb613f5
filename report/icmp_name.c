#include "report/icmp_name.h"

#include <glib.h>

static const struct row {
	uint8_t ip_version;
	int64_t error; /* as HANGUP_FACT_ICMP_ERROR */
	enum icmp_sense sense;
	const char *name;
} rows[] = {
#define ICMP_NAME(version, type, code, what, words) \
	{.ip_version = version, .error = type * 256 + code, .sense = ICMP_SENSE_##what, .name = words},
#include "report/icmp_name.def"
#undef ICMP_NAME
};

static const struct row *find(unsigned ip_version, int64_t error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].ip_version == ip_version && rows[i].error == error)
			return &rows[i];
	}
	return NULL;
}

static const struct row *find_of(const struct facts *f, enum hangup_side side)
{
	int64_t error;

	return facts_get(f, HANGUP_FACT_ICMP_ERROR, side, &error) ? find(f->ip_version, error) : NULL;
}

const char *icmp_name(unsigned ip_version, uint8_t type, uint8_t code)
{
	const struct row *row = find(ip_version, type * 256 + code);

	return row ? row->name : NULL;
}

const char *icmp_name_of(const struct facts *f, enum hangup_side side)
{
	const struct row *row = find_of(f, side);

	return row ? row->name : NULL;
}

enum icmp_sense icmp_sense_of(const struct facts *f, enum hangup_side side)
{
	const struct row *row = find_of(f, side);

	return row ? row->sense : ICMP_SENSE_OTHER;
}
