/* Evidence as a reader wants it: the same thing said once, in the order it happened. */
#include "rules/host/case.h"

#include <string.h>

static bool text_equal(const struct case_text *x, const struct case_text *y)
{
	return x->a == y->a && x->b == y->b && strcmp(x->template, y->template) == 0;
}

static bool evidence_equal(const struct case_evidence *x, const struct case_evidence *y)
{
	return x->packet.number == y->packet.number && x->level == y->level && x->fact == y->fact &&
	       text_equal(&x->text, &y->text);
}

/* Number 0, no single packet, comes last. */
static bool evidence_follows(const struct case_evidence *x, const struct case_evidence *y)
{
	if (!x->packet.number || !y->packet.number)
		return !x->packet.number && y->packet.number;
	return hangup_packet_before(&y->packet, &x->packet);
}

void claim_add_evidence(struct hangup_claim *claim, const struct case_evidence *evidence)
{
	size_t at = claim->evidence_len;

	for (size_t i = 0; i < claim->evidence_len; i++) {
		if (evidence_equal(&claim->evidence[i], evidence))
			return;
	}
	if (claim->evidence_len == CLAIM_EVIDENCE_MAX)
		return;
	for (; at > 0 && evidence_follows(&claim->evidence[at - 1], evidence); at--)
		claim->evidence[at] = claim->evidence[at - 1];
	claim->evidence[at] = *evidence;
	claim->evidence_len++;
}

void claim_add_against(struct hangup_claim *claim, const struct case_text *text)
{
	for (size_t i = 0; i < claim->against_len; i++) {
		if (text_equal(&claim->against[i], text))
			return;
	}
	if (claim->against_len < CLAIM_AGAINST_MAX)
		claim->against[claim->against_len++] = *text;
}
