/* The host's side of the plugin ABI: the function table handed to rules, and the round of asking them. What comes
 * from a plugin is checked here, once, so that everything behind may index by it. Nothing is allocated: a case
 * holds its claims, and claims beyond its limit or against the vocabulary land in `dropped`. */
#include "rules/host/engine.h"

#include "rules/host/vocabulary.h"
#include "rules/host/weigh.h"

static bool host_fact(const struct hangup_case *c, enum hangup_fact fact, enum hangup_side side, int64_t *out_value)
{
	return facts_get(c->facts, fact, side, out_value);
}

static bool host_packet(const struct hangup_case *c, enum hangup_packet_role role, enum hangup_side side,
                        struct hangup_packet *out_packet)
{
	return facts_packet(c->facts, role, side, out_packet);
}

static double host_threshold(const struct hangup_case *c, size_t index)
{
	return index < c->rule->thresholds_count ? c->thresholds[index] : 0;
}

static bool may_claim(const struct hangup_rule *rule, enum hangup_label label, enum hangup_cause cause,
                      enum hangup_actor actor)
{
	return (size_t)label < HANGUP_LABEL_COUNT && (size_t)cause < HANGUP_CAUSE_COUNT &&
	       (size_t)actor < HANGUP_ACTOR_COUNT && (rule->labels & 1u << label) != 0 &&
	       (cause_labels(cause) & 1u << label) != 0;
}

static struct hangup_claim *claim_slot(struct hangup_case *c, bool valid)
{
	if (valid && c->claims_len < CASE_CLAIMS_MAX)
		return &c->claims[c->claims_len++];
	c->claims_dropped++;
	return &c->dropped;
}

static struct hangup_claim *host_claim(struct hangup_case *c, enum hangup_label label, enum hangup_cause cause,
                                       enum hangup_actor actor, double strength)
{
	const bool valid = may_claim(c->rule, label, cause, actor) && strength > 0; /* NaN is not */
	struct hangup_claim *claim = claim_slot(c, valid);

	claim->owner = c;
	claim->rule = c->rule;
	claim->label = label;
	claim->cause = cause;
	claim->actor = actor;
	claim->severity = valid ? cause_severity(cause) : HANGUP_SEVERITY_NORMAL;
	claim->strength = MIN(strength, 1);
	claim->confidence = 0;
	claim->evidence_len = 0;
	claim->against_len = 0;
	return claim;
}

static void host_evidence(struct hangup_claim *claim, enum hangup_packet_role role, enum hangup_side side,
                          enum hangup_level level, enum hangup_fact fact, const char *text, int64_t a, int64_t b)
{
	struct case_evidence evidence = {.role = role,
	                                 .side = side == HANGUP_SERVER ? HANGUP_SERVER : HANGUP_CLIENT,
	                                 .level = level,
	                                 .fact = fact,
	                                 .text = {.template = text, .a = a, .b = b}};

	if ((size_t)role >= HANGUP_PACKET_COUNT || (size_t)level >= HANGUP_LEVEL_COUNT ||
	    (size_t)fact >= HANGUP_FACT_COUNT || text == NULL)
		return;
	facts_packet(claim->owner->facts, role, side, &evidence.packet);
	claim_add_evidence(claim, &evidence);
}

static void host_against(struct hangup_claim *claim, const char *text, int64_t a, int64_t b)
{
	if (text != NULL)
		claim_add_against(claim, &(struct case_text){.template = text, .a = a, .b = b});
}

static void host_severity(struct hangup_claim *claim, enum hangup_severity severity)
{
	if ((size_t)severity < HANGUP_SEVERITY_COUNT)
		claim->severity = severity;
}

static const struct hangup_host host = {
	.size = sizeof(struct hangup_host),
	.major = HANGUP_RULE_ABI_MAJOR,
	.minor = HANGUP_RULE_ABI_MINOR,
	.fact = host_fact,
	.packet = host_packet,
	.threshold = host_threshold,
	.claim = host_claim,
	.evidence = host_evidence,
	.against = host_against,
	.severity = host_severity,
};

static void ask(const struct rule_entry *entry, struct hangup_case *c)
{
	if (entry->rule->judge == NULL)
		return;
	c->rule = entry->rule;
	c->thresholds = entry->thresholds;
	entry->rule->judge(&host, c);
}

void engine_judge(const struct rule_set *rules, const struct facts *facts, struct hangup_case *c)
{
	const struct rule_entry *engine = rule_set_entry(rules, 0);

	c->facts = facts;
	c->claims_len = 0;
	c->claims_dropped = 0;
	c->order_len = 0;
	for (size_t i = 1; i < rule_set_len(rules); i++)
		ask(rule_set_entry(rules, i), c);
	if (c->claims_len == 0)
		ask(engine, c);
	weigh_claims(c, engine->thresholds);
	c->rule = NULL;
	c->thresholds = NULL;
}
