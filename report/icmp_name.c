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

static const struct row *find(const struct facts *f, enum hangup_side side)
{
	int64_t error;

	if (!facts_get(f, HANGUP_FACT_ICMP_ERROR, side, &error))
		return NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].ip_version == f->ip_version && rows[i].error == error)
			return &rows[i];
	}
	return NULL;
}

const char *icmp_name_of(const struct facts *f, enum hangup_side side)
{
	const struct row *row = find(f, side);

	return row ? row->name : NULL;
}

enum icmp_sense icmp_sense_of(const struct facts *f, enum hangup_side side)
{
	const struct row *row = find(f, side);

	return row ? row->sense : ICMP_SENSE_OTHER;
}
