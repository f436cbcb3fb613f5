/* What is told of a connection, one by one: NDJSON is all of it, -o fields some of it. */
#ifndef REPORT_FIELD_H
#define REPORT_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

#include "report/candidate.h"
#include "report/report.h"
#include "report/timestamp.h"
#include "rules/host/case.h"

/* What fields are told from: a connection, and what a lane keeps from one to the next. */
struct subject {
	const struct hangup_case *c;
	const struct facts *facts;
	const struct hangup_claim *verdict;
	const char *const *inputs; /* names, escaped as the format wants them, by a packet's input; borrowed */
	bool several;              /* inputs */
	const struct error_asked *asked;  /* or NULL */
	struct candidate candidate; /* when asked; else all 0 */
	struct report_told told;   /* live */
	const struct calls *calls; /* or NULL */
	GChecksum *sha1;
	struct timestamp_day day;
};

void subject_init(struct subject *s, const char *const *inputs, bool several);
void subject_clear(struct subject *s);
void subject_set(struct subject *s, const struct hangup_case *c);

typedef bool (*field_fn)(GString *out, struct subject *s);

enum field_kind { FIELD_BARE, FIELD_LIVE, FIELD_NAME, FIELD_FILE, FIELD_TEXT, FIELD_ARRAY, FIELD_MATCH, FIELD_CALLS, FIELD_LIST };

/* A row of field.def, which explains. */
struct field {
	const char *path;
	enum field_kind kind;
	field_fn put;
	const char *meaning;
};

const struct field *field_all(size_t *out_len);

#define FIELD(path, kind, function, meaning) bool function(GString *out, struct subject *s);
#include "report/field.def"
#undef FIELD

/* Shared by the files of fields. */
/* The file that a packet is in; false when there is no packet. */
bool field_append_file(GString *out, const struct subject *s, const struct hangup_packet *packet);
void field_append_packet_time(GString *out, const struct hangup_packet *packet, struct timestamp_day *day);
void field_append_confidence(GString *out, double confidence);
/* Names of the rules whose claims were weighed, the verdict's first, each once: at most CASE_CLAIMS_MAX. */
size_t field_rule_names(const struct hangup_case *c, const char **out_names);

#endif
