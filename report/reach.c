#include "report/reach.h"

#include <glib.h>

#include "report/outcome.h"

G_STATIC_ASSERT((int)EXPERIENCE_COUNT <= 32);

/* A row of reach.def: an outcome, and what it can come to, which may be an outcome itself. */
static const struct {
	enum outcome from, to;
} rows[] = {
#define REACH(outcome, experience) {OUTCOME_##outcome, OUTCOME_##experience},
#define REACH_TOO(outcome, other) {OUTCOME_##outcome, OUTCOME_##other},
#include "report/reach.def"
#undef REACH
#undef REACH_TOO
};

static const struct {
	const char *one, *other;
} sides[PIVOT_COUNT] = {
	[PIVOT_ACTOR] = {"who ended it", "the other end"},
	[PIVOT_CLOSER] = {"who closed first", "who did not close first"},
	[PIVOT_RESETTER] = {"in whose name the reset came", "the other end"},
	[PIVOT_WAITER] = {"who waits for an answer", "the end that does not answer"},
	[PIVOT_SPEAKER] = {"who spoke first after the idle time", "the other end"},
	[PIVOT_CLIENT] = {"the client", "the server"},
};

static uint32_t reach_of_outcome(enum outcome outcome)
{
	uint32_t reach = 0;

	if ((int)outcome < (int)EXPERIENCE_COUNT)
		return 1u << outcome;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (rows[i].from == outcome)
			reach |= reach_of_outcome(rows[i].to);
	}
	return reach;
}

/* What the table excludes where it leaves an outcome to be looked for. */
static uint32_t never_in(const struct outcomes *outcomes)
{
	const uint32_t before_open = 1u << EXPERIENCE_REFUSED | 1u << EXPERIENCE_NOBODY_THERE;
	const uint32_t after_fin = 1u << EXPERIENCE_RESET_AFTER_END_READER | 1u << EXPERIENCE_RESET_AFTER_END_WRITER
	                           | 1u << EXPERIENCE_OWN_CLOSE;
	uint32_t never = 0;

	if (outcomes->earliest == EARLIEST_ANSWERED)
		never |= 1u << EXPERIENCE_REFUSED;
	if (outcomes->earliest == EARLIEST_OPEN)
		never |= before_open;
	if (outcomes->fin == OUTCOME_NO_FIN)
		never |= after_fin;
	if (outcomes->fin == OUTCOME_AFTER_FIN)
		never |= before_open | 1u << EXPERIENCE_RESET | 1u << EXPERIENCE_RESET_AFTER_OWN_END;
	return never;
}

uint32_t reach_of(enum hangup_cause cause, bool one)
{
	const struct outcomes *outcomes = &outcomes_by_cause[cause];
	const enum outcome outcome = one ? outcomes->one : outcomes->other;
	const bool looked_for = (int)outcome >= (int)EXPERIENCE_COUNT;

	return reach_of_outcome(outcome) & ~(looked_for ? never_in(outcomes) : 0);
}

uint32_t reach_of_both(enum hangup_cause cause)
{
	return reach_of(cause, true) | reach_of(cause, false);
}

const char *reach_side(enum hangup_cause cause, bool one)
{
	const enum pivot pivot = outcomes_by_cause[cause].pivot;

	return one ? sides[pivot].one : sides[pivot].other;
}
