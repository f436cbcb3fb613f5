/* What people must fill in, with what packets suggest, and how it was found. */
#include "report/markdown/part.h"

#include <string.h>

#include "report/counting.h"
#include "report/markdown/text.h"
#include "rules/host/text.h"
#include "rules/host/vocabulary.h"

enum { ACTIONS_MAX = 8, FILES_MAX = 30, LIST_MAX = 20, SERVED_MAX = 12 };

/* --- actions ------------------------------------------------------------------------------------------------------ */
static void append_step(GString *out, const GArray *step)
{
	for (guint i = 0; i < step->len; i++) {
		const struct account_words *words = &g_array_index(step, struct account_words, i);

		g_string_append(out, i ? " " : "");
		if (words->command)
			markdown_code_append(out, words->text, true);
		else if (i == 0)
			markdown_sentence_append(out, words->text);
		else
			markdown_text_append(out, words->text);
	}
}

/* A step, and the ids of the connections that it serves. */
struct action {
	char *text;
	GArray *served; /* of uint64_t */
};

static void clear_action(gpointer action)
{
	g_free(((struct action *)action)->text);
	g_array_unref(((struct action *)action)->served);
}

static struct action *action_of(GArray *actions, const char *text)
{
	struct action new;

	for (guint i = 0; i < actions->len; i++) {
		if (g_str_equal(g_array_index(actions, struct action, i).text, text))
			return &g_array_index(actions, struct action, i);
	}
	new = (struct action){.text = g_strdup(text), .served = g_array_new(FALSE, FALSE, sizeof(uint64_t))};
	g_array_append_val(actions, new);
	return &g_array_index(actions, struct action, actions->len - 1);
}

static void take_action(GArray *actions, const GArray *step, uint64_t id)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct action *action;

	append_step(text, step);
	action = action_of(actions, text->str);
	g_array_append_val(action->served, id);
}

static gint by_id(gconstpointer a, gconstpointer b)
{
	const uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

	return one < other ? -1 : one > other;
}

static void append_action(GString *out, const struct action *action)
{
	const guint len = action->served->len, named = MIN(len, (guint)SERVED_MAX);

	g_array_sort(action->served, by_id);
	g_string_append_printf(out, "| %s (connection%s ", action->text, len == 1 ? "" : "s");
	for (guint i = 0; i < named; i++)
		g_string_append_printf(out, "%s%" G_GUINT64_FORMAT, i ? ", " : "", g_array_index(action->served, uint64_t, i));
	if (len > named)
		g_string_append_printf(out, " and %u more", len - named);
	g_string_append(out, ") | investigate | *to fill in* | *to fill in* |\n");
}

/* The cheapest step of each connection that is told whole; of those with the same, once. */
static void append_actions(GString *out, const struct writeup *w)
{
	g_autoptr(GArray) actions = g_array_new(FALSE, FALSE, sizeof(struct action));

	g_array_set_clear_func(actions, clear_action);
	for (guint i = 0; i < w->endings->len; i++) {
		const struct account *a = writeup_ending_at(w, i)->account;

		if (a && a->steps->len > 0)
			take_action(actions, a->steps->pdata[0], writeup_ending_at(w, i)->id);
	}
	g_string_append(out, "## Actions\n\n| What | Kind | Owner | Ticket |\n|---|---|---|---|\n");
	for (guint i = 0; i < MIN(actions->len, (guint)ACTIONS_MAX); i++)
		append_action(out, &g_array_index(actions, struct action, i));
	g_string_append(out, "| *to fill in* | *prevent, detect, mitigate* | *to fill in* | *to fill in* |\n\n");
}

static void append_lessons(GString *out, const struct writeup *w)
{
	g_string_append(out, "## Resolution\n\n");
	markdown_append_prompt(out, "what was done, by when, and how it is known that it helped");
	append_actions(out, w);
	g_string_append(out, "## What went well\n\n");
	markdown_append_prompt(out, "what limited the damage");
	g_string_append(out, "## What went badly\n\n");
	markdown_append_prompt(out, "what made it worse, or took long");
	g_string_append(out, "## Where we got lucky\n\n");
	markdown_append_prompt(out, "what could have been worse");
}

/* --- method ------------------------------------------------------------------------------------------------------- */
static void append_more(GString *out, guint len, guint max)
{
	if (len > max)
		g_string_append_printf(out, "\n%u more are not listed here.\n", len - max);
}

static void append_list(GString *out, const char *title, const GPtrArray *items)
{
	if (items->len == 0)
		return;
	g_string_append_printf(out, "%s:\n\n", title);
	for (guint i = 0; i < MIN(items->len, (guint)LIST_MAX); i++) {
		g_string_append(out, "- ");
		markdown_code_append(out, items->pdata[i], false);
		g_string_append_c(out, '\n');
	}
	append_more(out, items->len, LIST_MAX);
	g_string_append_c(out, '\n');
}

static void append_limits(GString *out, const struct writeup *w)
{
	for (guint i = 0; i < w->limits->len; i++) {
		const struct writeup_limit *limit = w->limits->pdata[i];

		g_string_append_printf(out, "- **%s**: ", limit->name);
		markdown_text_append(out, limit->text);
		g_string_append_c(out, '\n');
	}
	g_string_append(out, w->limits->len ? "\n" : "");
}

static void append_file(GString *out, const struct writeup_file *file)
{
	g_string_append(out, "| ");
	markdown_code_append(out, file->name, true);
	g_string_append(out, " | ");
	if (file->measured)
		text_append_bytes(out, (int64_t)file->bytes);
	g_string_append(out, " | ");
	if (file->measured)
		g_string_append_printf(out, "`%s`", file->sha256);
	g_string_append(out, " |\n");
}

static void append_files(GString *out, const struct writeup *w)
{
	g_string_append(out, "| File | Size | SHA-256 |\n|---|---:|---|\n");
	for (guint i = 0; i < MIN(w->files->len, (guint)FILES_MAX); i++)
		append_file(out, w->files->pdata[i]);
	append_more(out, w->files->len, FILES_MAX);
	g_string_append_c(out, '\n');
}

void markdown_append_bottom(GString *out, const struct writeup *w)
{
	append_lessons(out, w);
	g_string_append(out, "## Method and limits\n\n");
	append_files(out, w);
	append_limits(out, w);
	append_list(out, "Options", w->options);
	append_list(out, "Thresholds that are not as shipped", w->thresholds);
	g_string_append_printf(out, "Made by hangup %s. What programs saw is expected, not observed. A second capture, at the other "
	                            "end, would settle what is not knowable from here.\n", w->version);
}
