/* The weighing. A rule states how strongly the packets speak, as if the capture were perfect; what it lacks is
 * taken off here, in one place and alike for every rule, so that strengths of different rules compare and the
 * confidence stays calibrated. Three steps:
 *
 *  1. confidence = strength * one factor for each defect of the capture that touches this claim;
 *  2. the best claim wins; equals go to the label listed first, then the cause listed first. That the root cause
 *     beats the last packet is the rules' business: they say so by strength;
 *  3. doubt is shared: a rival label nearly as strong lowers the winner, and the alternatives together may not be
 *     likelier than the winner leaves room for (two exclusive explanations cannot both have 0.8).
 *
 * "undetermined" is exempt from 1: a bad capture is no reason to doubt that one cannot tell. */
#include "rules/host/weigh.h"

#include <glib.h>

#include "rules/host/vocabulary.h"

/* Index into thresholds[]; the defects come first. */
enum {
	CAPTURE_LOSS,
	LOST_MEANWHILE,
	ONE_WAY,
	CLIENT_UNKNOWN,
	VANTAGE_UNKNOWN,
	DEFECTS,
	RIVAL_MARGIN = DEFECTS,
	RIVAL_TIE,
	NO_CLAIM,
	THRESHOLDS,
};

/* Each default is a judgement of ours, to be replaced by what calibration on captures of known endings shows. */
static const struct hangup_threshold thresholds_default[THRESHOLDS] = {
	[CAPTURE_LOSS] = {"capture-loss", "ratio", 0.8,
	                  "factor on confidence when the capture itself lost packets of the connection; our judgement"},
	[LOST_MEANWHILE] = {"lost-meanwhile", "ratio", 0.9,
	                    "factor on confidence when a live capture lost packets while the connection lived, and none of "
	                    "its own are known to be missing; our judgement"},
	[ONE_WAY] = {"one-way", "ratio", 0.6,
	             "factor on confidence when only one direction was captured; our judgement"},
	[CLIENT_UNKNOWN] = {"client-unknown", "ratio", 0.95,
	                    "factor on confidence when a claim names client or server, but no SYN told which is which; "
	                    "our judgement"},
	[VANTAGE_UNKNOWN] = {"vantage-unknown", "ratio", 0.85,
	                     "factor on confidence when it is unknown where the capture was taken and the label would "
	                     "be another one at the other end; our judgement"},
	[RIVAL_MARGIN] = {"rival-margin", "ratio", 0.15,
	                  "a claim of another label weaker by less than this casts doubt on the verdict; our judgement"},
	[RIVAL_TIE] = {"rival-tie", "ratio", 0.75,
	               "factor on confidence when a claim of another label is exactly as strong; our judgement"},
	[NO_CLAIM] = {"no-claim", "ratio", 0.5,
	              "confidence of undetermined/too-little when no rule claims anything; our judgement"},
};

/* Nobody knows: the engine's own claim. */
static void engine_claim(const struct hangup_host *host, struct hangup_case *c)
{
	struct hangup_claim *claim = host->claim(c, HANGUP_LABEL_UNDETERMINED, HANGUP_CAUSE_UNKNOWN_TOO_LITTLE,
	                                         HANGUP_ACTOR_UNKNOWN, host->threshold(c, NO_CLAIM));

	host->evidence(claim, HANGUP_PACKET_NONE, HANGUP_CLIENT, HANGUP_LEVEL_UNKNOWABLE, HANGUP_FACT_DURATION,
	               "no rule recognises how this connection ended", 0, 0);
}

const struct hangup_rule engine_rule = {
	HANGUP_RULE_ABI,
	.name = "engine",
	.help = "Weighs the claims of all rules against the capture's quality and against each other.",
	.labels = 1u << HANGUP_LABEL_UNDETERMINED,
	.thresholds_count = THRESHOLDS,
	.thresholds = thresholds_default,
	.judge = engine_claim,
};

static bool is_true(const struct hangup_case *c, enum hangup_fact fact)
{
	return facts_value(c->facts, fact, HANGUP_CLIENT) != 0;
}

static bool lost_packets(const struct hangup_case *c, const struct hangup_claim *claim)
{
	(void)claim;
	return is_true(c, HANGUP_FACT_CAPTURE_LOSS);
}

static bool may_have_lost_packets(const struct hangup_case *c, const struct hangup_claim *claim)
{
	return is_true(c, HANGUP_FACT_LOST_MEANWHILE) && !lost_packets(c, claim);
}

static bool saw_one_way(const struct hangup_case *c, const struct hangup_claim *claim)
{
	(void)claim;
	return is_true(c, HANGUP_FACT_ONE_WAY);
}

static bool guesses_the_client(const struct hangup_case *c, const struct hangup_claim *claim)
{
	return (claim->actor == HANGUP_ACTOR_CLIENT || claim->actor == HANGUP_ACTOR_SERVER) &&
	       !is_true(c, HANGUP_FACT_CLIENT_KNOWN);
}

/* A RST is a local abort on the host that sent it and a RST everywhere else: such causes stand under both. */
static bool guesses_the_vantage(const struct hangup_case *c, const struct hangup_claim *claim)
{
	const uint32_t both = 1u << HANGUP_LABEL_LOCAL_ABORT | 1u << HANGUP_LABEL_RST;

	return (cause_labels(claim->cause) & both) == both &&
	       facts_value(c->facts, HANGUP_FACT_VANTAGE, HANGUP_CLIENT) == HANGUP_VANTAGE_UNKNOWN;
}

static bool (*const defect_touches[DEFECTS])(const struct hangup_case *c, const struct hangup_claim *claim) = {
	[CAPTURE_LOSS] = lost_packets,
	[LOST_MEANWHILE] = may_have_lost_packets,
	[ONE_WAY] = saw_one_way,
	[CLIENT_UNKNOWN] = guesses_the_client,
	[VANTAGE_UNKNOWN] = guesses_the_vantage,
};

static double confidence_alone(const struct hangup_case *c, const struct hangup_claim *claim, const double *thresholds)
{
	double confidence = claim->strength;

	if (claim->label == HANGUP_LABEL_UNDETERMINED)
		return confidence;
	for (size_t i = 0; i < DEFECTS; i++) {
		if (defect_touches[i](c, claim))
			confidence *= thresholds[i];
	}
	return confidence;
}

static bool beats(const struct hangup_claim *x, const struct hangup_claim *y)
{
	if (x->confidence != y->confidence)
		return x->confidence > y->confidence;
	if (x->label != y->label)
		return x->label < y->label;
	return x->cause < y->cause;
}

/* By insertion: a handful of claims, and stable, so that equals stay in the order of the rules. */
static void sort_claims(struct hangup_case *c)
{
	for (size_t i = 0; i < c->claims_len; i++) {
		size_t at = i;

		for (; at > 0 && beats(&c->claims[i], &c->claims[c->order[at - 1]]); at--)
			c->order[at] = c->order[at - 1];
		c->order[at] = i;
	}
	c->order_len = c->claims_len;
}

static void merge_evidence(struct hangup_claim *into, const struct hangup_claim *from)
{
	for (size_t i = 0; i < from->evidence_len; i++)
		claim_add_evidence(into, &from->evidence[i]);
	for (size_t i = 0; i < from->against_len; i++)
		claim_add_against(into, &from->against[i]);
}

static struct hangup_claim *listed_before(struct hangup_case *c, size_t listed_len, const struct hangup_claim *claim)
{
	for (size_t i = 0; i < listed_len; i++) {
		struct hangup_claim *listed = &c->claims[c->order[i]];

		if (listed->label == claim->label && listed->cause == claim->cause)
			return listed;
	}
	return NULL;
}

/* Leaves each label/cause once, its strongest claim, with the evidence of those that agree on who did it. */
static void merge_agreeing(struct hangup_case *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->order_len; i++) {
		const struct hangup_claim *claim = &c->claims[c->order[i]];
		struct hangup_claim *listed = listed_before(c, kept, claim);

		if (listed == NULL)
			c->order[kept++] = c->order[i];
		else if (listed->actor == claim->actor)
			merge_evidence(listed, claim);
	}
	c->order_len = kept;
}

/* Factor on the winner for the strongest claim of another label: rival-tie for an equal, 1 from the margin on. */
static double rival_factor(const struct hangup_case *c, const double *thresholds)
{
	const struct hangup_claim *verdict = case_verdict(c);
	const double margin = thresholds[RIVAL_MARGIN];

	for (size_t i = 1; i < c->order_len; i++) {
		const struct hangup_claim *rival = &c->claims[c->order[i]];
		const double lead = verdict->confidence - rival->confidence;

		if (lead >= margin)
			return 1;
		if (rival->label != verdict->label)
			return thresholds[RIVAL_TIE] + (1 - thresholds[RIVAL_TIE]) * (lead / margin);
	}
	return 1;
}

/* No alternative beats the verdict, and all of them share what it leaves, in proportion. */
static void share_the_rest(struct hangup_case *c)
{
	const double verdict = case_verdict(c)->confidence;
	double sum = 0;

	for (size_t i = 1; i < c->order_len; i++)
		sum += c->claims[c->order[i]].confidence;
	for (size_t i = 1; i < c->order_len; i++) {
		struct hangup_claim *other = &c->claims[c->order[i]];

		if (sum > 1 - verdict)
			other->confidence *= (1 - verdict) / sum;
		other->confidence = MIN(other->confidence, verdict);
	}
}

static void share_doubt(struct hangup_case *c, const double *thresholds)
{
	c->claims[c->order[0]].confidence *= rival_factor(c, thresholds);
	share_the_rest(c);
}

void weigh_claims(struct hangup_case *c, const double *thresholds)
{
	g_assert(c->claims_len > 0);
	for (size_t i = 0; i < c->claims_len; i++)
		c->claims[i].confidence = confidence_alone(c, &c->claims[i], thresholds);
	sort_claims(c);
	merge_agreeing(c);
	share_doubt(c, thresholds);
}
