/* Its descriptor ends before judge. */
#include <hangup/rule.h>

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	(void)host;
	(void)c;
}

HANGUP_RULE = {
	.size = offsetof(struct hangup_rule, judge),
	.major = HANGUP_RULE_ABI_MAJOR,
	.minor = HANGUP_RULE_ABI_MINOR,
	.name = "bad-short",
	.help = "Must be refused.",
	.labels = 1u << HANGUP_LABEL_RST,
	.judge = judge,
};
