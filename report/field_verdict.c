/* Why it ended. */
#include "report/field.h"

#include "report/filter.h"
#include "report/sentence.h"
#include "rules/host/append.h"
#include "rules/host/vocabulary.h"

bool field_label(GString *out, struct subject *s)
{
	append_text(out, label_name(s->verdict->label));
	return true;
}

bool field_cause(GString *out, struct subject *s)
{
	append_text(out, cause_name(s->verdict->cause));
	return true;
}

bool field_actor(GString *out, struct subject *s)
{
	append_text(out, actor_name(s->verdict->actor));
	return true;
}

bool field_severity(GString *out, struct subject *s)
{
	append_text(out, severity_name(s->verdict->severity));
	return true;
}

bool field_confidence(GString *out, struct subject *s)
{
	field_append_confidence(out, s->verdict->confidence);
	return true;
}

bool field_summary(GString *out, struct subject *s)
{
	sentence_append(out, s->c, true);
	return true;
}

bool field_display_filter(GString *out, struct subject *s)
{
	filter_append(out, s->facts);
	return true;
}

/* Known when all verdicts came: outputs put it in then. */
bool field_incident(GString *out, struct subject *s)
{
	(void)out;
	(void)s;
	return false;
}

bool field_capture_loss(GString *out, struct subject *s)
{
	const bool lost = facts_value(s->facts, HANGUP_FACT_CAPTURE_LOSS, HANGUP_CLIENT) ||
	                  facts_value(s->facts, HANGUP_FACT_LOST_MEANWHILE, HANGUP_CLIENT);

	append_text(out, lost ? "true" : "false");
	return true;
}
