/* The explanations that lost: for each other label and cause that some rule claimed, the strongest claim. */
#ifndef REPORT_ALTERNATIVES_H
#define REPORT_ALTERNATIVES_H

#include "rules/host/case.h"

struct alternatives {
	const struct hangup_claim *claim[CASE_CLAIMS_MAX]; /* best first */
	size_t len;
};

struct alternatives alternatives_of(const struct hangup_case *c);

#endif
