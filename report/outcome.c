#include "report/outcome.h"

const struct outcomes outcomes_by_cause[HANGUP_CAUSE_COUNT] = {
#define EXPERIENCE(id, words)
#define EXPERIENCED(cause, first, closed, found, of_one, of_other) \
	[HANGUP_CAUSE_##cause] = {.earliest = EARLIEST_##first, .fin = OUTCOME_##closed, .pivot = PIVOT_##found, .one = OUTCOME_##of_one, \
	                          .other = OUTCOME_##of_other},
#define ICMP_EXPERIENCE(version, type, code, connecting, open)
#include "report/experience.def"
#undef EXPERIENCE
#undef EXPERIENCED
#undef ICMP_EXPERIENCE
};
