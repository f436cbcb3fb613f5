/* Compiled for another major version of the ABI. */
#include <hangup/rule.h>

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	(void)host;
	(void)c;
}

HANGUP_RULE = {
	.size = sizeof(struct hangup_rule),
	.major = HANGUP_RULE_ABI_MAJOR + 1,
	.minor = 0,
	.name = "bad-major",
	.help = "Must be refused.",
	.labels = 1u << HANGUP_LABEL_RST,
	.judge = judge,
};
