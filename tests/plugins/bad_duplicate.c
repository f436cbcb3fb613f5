/* Takes the name of another rule. */
#include <hangup/rule.h>

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	(void)host;
	(void)c;
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "good",
	.help = "Must be refused.",
	.labels = 1u << HANGUP_LABEL_RST,
	.judge = judge,
};
