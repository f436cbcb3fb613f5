/* Has a descriptor without a judge. */
#include <hangup/rule.h>

HANGUP_RULE = {
	HANGUP_RULE_ABI,
	.name = "bad-judge",
	.help = "Must be refused.",
	.labels = 1u << HANGUP_LABEL_RST,
};
