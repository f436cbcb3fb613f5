/* A capture judged, and its evidence made, in this process, as hangup read --evidence does it. */
#ifndef TESTS_EVIDENCE_HANDING_ON_H
#define TESTS_EVIDENCE_HANDING_ON_H

#include <stddef.h>

#include <glib.h>

#include "capture/anonymizer.h"
#include "rules/host/case.h"

/* What must not change. */
struct judged {
	uint64_t id;
	int64_t start_ns;
	uint16_t port[2]; /* by enum hangup_side */
	enum hangup_label label;
	enum hangup_cause cause;
	enum hangup_actor actor;
	enum hangup_severity severity;
};

/* The connections of a file, in order of id: struct judged. With an anonymizer, or NULL. */
GArray *handing_on_judge(const char *path, struct anonymizer *anonymizer);

/* Makes the evidence of a file, with 0 for the usual number of packets. */
GByteArray *handing_on_evidence(const char *path, struct anonymizer *anonymizer, unsigned packets_max);

/* Puts bytes into a file, whose name the caller frees; the file is his as well. */
char *handing_on_save(const GByteArray *bytes);

#endif
