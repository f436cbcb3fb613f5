/* The rules that come with hangup, linked in (HANGUP_BUILTIN_RULES). builtin.def is written by the build: one
 * BUILTIN_RULE(symbol) a rule of the list in rules/CMakeLists.txt. */
#include "rules/host/rule_set.h"

#define BUILTIN_RULE(symbol) extern const struct hangup_rule symbol;
#include "rules/host/builtin.def"
#undef BUILTIN_RULE

gboolean rule_set_add_default(struct rule_set *set, rule_refuse_fn refuse, void *user, GError **error)
{
	static const struct hangup_rule *const rules[] = {
#define BUILTIN_RULE(symbol) &symbol,
#include "rules/host/builtin.def"
#undef BUILTIN_RULE
	};

	(void)refuse; /* a rule of ours that is refused is our bug, not the world's */
	(void)user;
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (!rule_set_add(set, rules[i], NULL, error))
			return FALSE;
	}
	return TRUE;
}
