/* Links against something that hangup does not offer. */
#include <hangup/rule.h>

extern void hangup_has_no_such_function(struct hangup_case *c);

static void judge(const struct hangup_host *host, struct hangup_case *c)
{
	(void)host;
	hangup_has_no_such_function(c);
}

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "bad-undefined",
	.help = "Must be refused.",
	.labels = 1u << HANGUP_LABEL_RST,
	.judge = judge,
};
