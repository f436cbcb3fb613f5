#include "report/markdown/part.h"

#include "report/markdown/text.h"
#include "report/timestamp.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

void markdown_append_prompt(GString *out, const char *question)
{
	g_string_append_printf(out, "*To fill in: %s*\n\n", question);
}

void markdown_append_time(GString *out, int64_t time_ns)
{
	char date[DATE_LEN], clock[CLOCK_LEN];

	date_write(date, time_ns);
	clock_write(clock, time_ns);
	g_string_append_len(out, date, DATE_LEN);
	g_string_append_c(out, ' ');
	g_string_append_len(out, clock, CLOCK_LEN);
	g_string_append(out, " UTC");
}

void markdown_append_verdict(GString *out, enum hangup_label label, enum hangup_cause cause)
{
	g_string_append_printf(out, "`%s/%s`", label_name(label), cause_name(cause));
}

void markdown_append_end(GString *out, const struct facts_end *end)
{
	g_string_append_c(out, '`');
	text_append_end(out, end);
	g_string_append_c(out, '`');
}
