/* A connection before the judges: its facts, the claims the rules make, and in the end the verdict.
 * `struct hangup_case` is opaque to rules; the report reads it. Reused from one connection to the next:
 * nothing in it is allocated. */
#ifndef RULES_HOST_CASE_H
#define RULES_HOST_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <hangup/rule.h>

#include "analyzers/facts.h"

enum {
	CASE_CLAIMS_MAX = 24, /* further claims are counted and dropped */
	CLAIM_EVIDENCE_MAX = 10,
	CLAIM_AGAINST_MAX = 3,
};

/* A text template with its numbers; see struct hangup_host in hangup/rule.h for the grammar. */
struct case_text {
	const char *template;
	int64_t a, b;
};

struct case_evidence {
	struct hangup_packet packet; /* number 0: rests on no single packet */
	enum hangup_packet_role role;
	enum hangup_side side;
	enum hangup_level level;
	enum hangup_fact fact;
	struct case_text text;
};

struct hangup_claim {
	struct hangup_case *owner;
	const struct hangup_rule *rule; /* who claims it */
	enum hangup_label label;
	enum hangup_cause cause;
	enum hangup_actor actor;
	enum hangup_severity severity;
	double strength;   /* as the rule gave it, clamped to 0..1 */
	double confidence; /* after the engine weighed it against the capture's quality and the other claims */
	size_t evidence_len;
	struct case_evidence evidence[CLAIM_EVIDENCE_MAX];
	size_t against_len;
	struct case_text against[CLAIM_AGAINST_MAX];
};

struct hangup_case {
	const struct facts *facts;
	/* set by the engine while a rule judges */
	const struct hangup_rule *rule;
	const double *thresholds;

	size_t claims_len;
	size_t claims_dropped;
	struct hangup_claim claims[CASE_CLAIMS_MAX];
	struct hangup_claim dropped; /* where a claim beyond the limit, or against its label, is written and forgotten */

	/* After engine_judge(): claims in order, best first, each label/cause once; claims[order[0]] is the verdict,
	 * those after it are its alternatives. There is always one: the engine itself says undetermined/too-little
	 * when no rule claims anything. A claim that says the same as one listed is in claims[] only: it names
	 * another rule that agrees, and its evidence was added to the listed one's. */
	size_t order[CASE_CLAIMS_MAX];
	size_t order_len;
};

/* Adds to a claim, once, in packet order (what rests on no single packet comes last); what is beyond the limit is
 * dropped. */
void claim_add_evidence(struct hangup_claim *claim, const struct case_evidence *evidence);
void claim_add_against(struct hangup_claim *claim, const struct case_text *text);

static inline const struct hangup_claim *case_verdict(const struct hangup_case *c)
{
	return &c->claims[c->order[0]];
}

#endif
