/* One connection told whole, in the order of hangup explain. */
#include "report/markdown/part.h"

#include <math.h>
#include <string.h>

#include "report/counting.h"
#include "report/markdown/mermaid.h"
#include "report/markdown/text.h"
#include "report/sentence.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum { AGAIN_MAX = 1000 /* bytes: a command that names many files is of no use */ };

static void append_verdict(GString *out, const struct writeup_ending *e)
{
	markdown_append_verdict(out, e->label, e->cause);
	g_string_append_printf(out, ", %s (%d %%). ", sentence_confidence(e->confidence), (int)lround(e->confidence * 100));
	g_string_append(out, "**");
	markdown_sentence_append(out, e->sentence);
	g_string_append(out, "** Ended ");
	markdown_append_time(out, e->time_ns);
	if (e->account->vantage == HANGUP_VANTAGE_UNKNOWN)
		g_string_append(out, ". Where it was captured is unknown.\n\n");
	else
		g_string_append_printf(out, ". Captured %s.\n\n", vantage_meaning(e->account->vantage));
	if (e->fits) {
		g_string_append(out, "The error asked for: ");
		markdown_text_append(out, e->fits);
		g_string_append(out, ".\n\n");
	}
}

/* --- evidence ----------------------------------------------------------------------------------------------------- */
static void append_evidence_row(GString *out, const struct writeup *w, const struct account_evidence *evidence)
{
	g_autoptr(GString) packet = g_string_new(NULL);

	g_string_append(out, "| ");
	if (evidence->packet.number) {
		writeup_append_packet(packet, w, evidence->packet.number);
		markdown_code_append(out, packet->str, true);
		g_string_append(out, " | ");
		markdown_append_time(out, evidence->packet.time_ns);
	} else {
		g_string_append(out, " | ");
	}
	g_string_append(out, " | ");
	markdown_sentence_append(out, evidence->text);
	g_string_append_printf(out, " | %s |\n", level_name(evidence->level));
}

static void append_evidence(GString *out, const struct writeup *w, const struct account *a)
{
	if (a->evidence->len > 0) {
		g_string_append(out, "| Packet | Time | What it shows | How it is known |\n|---:|---|---|---|\n");
		for (guint i = 0; i < a->evidence->len; i++)
			append_evidence_row(out, w, &g_array_index(a->evidence, struct account_evidence, i));
		g_string_append_c(out, '\n');
	}
	for (guint i = 0; i < a->doubts->len; i++) {
		g_string_append(out, "But: ");
		markdown_text_append(out, a->doubts->pdata[i]);
		g_string_append(out, "\n\n");
	}
}

static void append_diagram(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	g_autoptr(GString) diagram = g_string_new(NULL);

	if (!w->no_mermaid)
		mermaid_append(diagram, w, e);
	if (diagram->len > 0)
		g_string_append_printf(out, "```mermaid\n%s```\n\n", diagram->str);
}

/* --- what programs saw -------------------------------------------------------------------------------------------- */
static void append_end(GString *out, const struct account_end *end, const char *who)
{
	g_string_append_printf(out, "- The %s's program ", who);
	if (!*end->experience)
		g_string_append(out, "saw what this capture cannot tell.");
	else
		g_string_append_printf(out, "most likely %s.", end->experience);
	for (guint i = 0; i < end->errors->len; i++) {
		g_string_append(out, i == 0 ? " " : "; ");
		markdown_text_append(out, end->errors->pdata[i]);
	}
	g_string_append(out, end->errors->len ? ".\n" : "\n");
}

static void append_experiences(GString *out, const struct account *a)
{
	g_string_append(out, "What the programs saw (expected, not observed):\n\n");
	append_end(out, &a->end[HANGUP_CLIENT], "client");
	append_end(out, &a->end[HANGUP_SERVER], "server");
	g_string_append_c(out, '\n');
}

/* --- what else, and what next ------------------------------------------------------------------------------------- */
static void append_alternatives(GString *out, const struct account *a)
{
	if (a->alternatives->len > 0)
		g_string_append(out, "What else it could have been:\n\n");
	for (guint i = 0; i < a->alternatives->len; i++) {
		const struct account_alternative *alternative = &g_array_index(a->alternatives, struct account_alternative, i);

		g_string_append(out, "- ");
		markdown_append_verdict(out, alternative->label, alternative->cause);
		g_string_append_printf(out, " (%d %%)", (int)lround(alternative->confidence * 100));
		if (alternative->why_not) {
			g_string_append(out, ", less likely because ");
			markdown_text_append(out, alternative->why_not);
		}
		g_string_append_c(out, '\n');
	}
	g_string_append(out, a->alternatives->len ? "\n" : "");
}

static void append_look(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	g_autofree char *command = NULL;

	g_string_append(out, "To look for yourself, in Wireshark:\n\n");
	markdown_block_append(out, "", e->account->filter);
	if (!w->again || strlen(w->again) > AGAIN_MAX)
		return;
	command = g_strdup_printf("hangup explain %s %" G_GUINT64_FORMAT, w->again, e->id);
	g_string_append(out, "and in a terminal:\n\n");
	markdown_block_append(out, "sh", command);
}

void markdown_append_account(GString *out, const struct writeup *w, const struct writeup_ending *e)
{
	g_string_append_printf(out, "### Connection %" G_GUINT64_FORMAT ": ", e->id);
	markdown_append_end(out, &e->end[HANGUP_CLIENT]);
	g_string_append(out, " to ");
	markdown_append_end(out, &e->end[HANGUP_SERVER]);
	g_string_append(out, "\n\n");
	append_verdict(out, e);
	append_evidence(out, w, e->account);
	append_diagram(out, w, e);
	append_experiences(out, e->account);
	append_alternatives(out, e->account);
	append_look(out, w, e);
}
