/* A plugin as it should be: it claims the same of every connection, at full strength, so that nobody can miss it. */
#include <hangup/rule.h>

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	struct hangup_claim *claim =
		host->claim(c, HANGUP_LABEL_RST, HANGUP_CAUSE_INJECTED, HANGUP_ACTOR_MIDDLEBOX, host->threshold(c, 0));

	host->evidence(claim, HANGUP_PACKET_FIRST, HANGUP_CLIENT, HANGUP_LEVEL_OBSERVED, HANGUP_FACT_DURATION,
	               "the good plugin was here, number {a}", 42, 0);
}

static const struct hangup_threshold thresholds[] = {
	{"strength", "ratio", 1, "what it would bet; full, to be seen"},
};

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "good",
	.help = "Claims the same of every connection.",
	.labels = 1u << HANGUP_LABEL_RST,
	.thresholds_count = 1,
	.thresholds = thresholds,
	.judge = judge,
};
