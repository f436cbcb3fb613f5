/* What the application on one side lived through, from the verdict and the facts. */
#ifndef REPORT_EXPERIENCE_H
#define REPORT_EXPERIENCE_H

#include "rules/host/case.h"

enum experience {
#define EXPERIENCE(id, words) EXPERIENCE_##id,
#define EXPERIENCED(cause, earliest, fin, pivot, one, other)
#define ICMP_EXPERIENCE(version, type, code, connecting, open)
#include "report/experience.def"
#undef EXPERIENCE
#undef EXPERIENCED
#undef ICMP_EXPERIENCE
	EXPERIENCE_COUNT
};

/* EXPERIENCE_UNTOLD when this capture cannot tell. */
enum experience experience_of(const struct hangup_case *c, enum hangup_side side);

/* Completes "the program ..."; empty for EXPERIENCE_UNTOLD. */
const char *experience_words(enum experience e);

#endif
