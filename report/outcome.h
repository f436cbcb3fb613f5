/* The table of experience.def as it is: what a cause means for each of its two sides, some of it still to be looked
 * for in the packets. */
#ifndef REPORT_OUTCOME_H
#define REPORT_OUTCOME_H

#include "report/experience.h"

/* Values beyond the experiences themselves: the table leaves it to a function. */
enum outcome {
	OUTCOME_BY_RST = EXPERIENCE_COUNT,
	OUTCOME_BY_STATE,
	OUTCOME_BY_RST_IF_ANY,
	OUTCOME_BY_ICMP_OR_RST,
	OUTCOME_BY_GIVE_UP,
	OUTCOME_BY_RETRIES,
	OUTCOME_BY_SYNS,
	OUTCOME_COUNT,
#define EXPERIENCE(id, words) OUTCOME_##id = EXPERIENCE_##id,
#define EXPERIENCED(cause, earliest, fin, pivot, one, other)
#define ICMP_EXPERIENCE(version, type, code, connecting, open)
#include "report/experience.def"
#undef EXPERIENCE
#undef EXPERIENCED
#undef ICMP_EXPERIENCE
};

enum earliest { EARLIEST_ASKED, EARLIEST_ANSWERED, EARLIEST_OPEN };
enum outcome_fin { OUTCOME_ANY_FIN, OUTCOME_NO_FIN, OUTCOME_AFTER_FIN };
enum pivot { PIVOT_ACTOR, PIVOT_CLOSER, PIVOT_RESETTER, PIVOT_WAITER, PIVOT_SPEAKER, PIVOT_CLIENT, PIVOT_COUNT };

struct outcomes {
	enum earliest earliest;
	enum outcome_fin fin;
	enum pivot pivot;
	enum outcome one, other;
};
extern const struct outcomes outcomes_by_cause[HANGUP_CAUSE_COUNT];

#endif
