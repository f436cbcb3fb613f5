#include "report/alternatives.h"

static bool same_verdict(const struct hangup_claim *a, const struct hangup_claim *b)
{
	return a->label == b->label && a->cause == b->cause;
}

struct alternatives alternatives_of(const struct hangup_case *c)
{
	struct alternatives a = {.len = 0};

	for (size_t i = 1; i < c->order_len; i++) {
		const struct hangup_claim *claim = &c->claims[c->order[i]];
		bool told = same_verdict(claim, case_verdict(c));

		for (size_t k = 0; k < a.len && !told; k++)
			told = same_verdict(claim, a.claim[k]);
		if (!told)
			a.claim[a.len++] = claim;
	}
	return a;
}
