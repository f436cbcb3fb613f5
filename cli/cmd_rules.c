/* hangup rules: what judges, by which thresholds, and where the numbers come from. */
#include <string.h>

#include "cli/command.h"
#include "cli/result.h"
#include "cli/rules_in_force.h"
#include "report/escape.h"
#include "report/paragraph.h"
#include "rules/host/vocabulary.h"

enum { WIDTH = 80 };

static gboolean as_key_file;

static void append_indented(GString *out, const char *text, size_t indent)
{
	g_string_append_printf(out, "%*s", (int)indent, "");
	paragraph_append(out, text, indent, indent, WIDTH);
}

static void append_labels(GString *out, uint32_t labels)
{
	g_autoptr(GString) line = g_string_new("says: ");
	const char *separator = "";

	for (unsigned label = 0; label < HANGUP_LABEL_COUNT; label++) {
		if (labels & (1u << label)) {
			g_string_append_printf(line, "%s%s", separator, label_name((enum hangup_label)label));
			separator = ", ";
		}
	}
	append_indented(out, line->str, 4);
}

static void append_threshold(GString *out, const struct hangup_threshold *threshold, double value)
{
	g_string_append_printf(out, "    %s = %.12g %s", threshold->name, value, threshold->unit);
	if (value != threshold->value)
		g_string_append_printf(out, " (default %.12g)", threshold->value);
	g_string_append_c(out, '\n');
	append_indented(out, threshold->help, 6);
}

static void append_file(GString *out, const char *file)
{
	g_autoptr(GString) safe = g_string_new("from: ");

	escape_append(safe, file, strlen(file), false);
	append_indented(out, safe->str, 4);
}

static void append_rule(GString *out, const struct rule_entry *entry)
{
	const struct hangup_rule *rule = entry->rule;

	g_string_append_printf(out, "%s%s\n", out->len ? "\n" : "", rule->name);
	append_indented(out, rule->help, 4);
	if (rule->labels)
		append_labels(out, rule->labels);
	if (entry->file) {
		append_file(out, entry->file);
	}
	for (uint32_t i = 0; i < rule->thresholds_count; i++)
		append_threshold(out, &rule->thresholds[i], entry->thresholds[i]);
}

static void append_comment(GString *out, const char *text)
{
	g_autoptr(GString) paragraph = g_string_new(NULL);
	g_auto(GStrv) lines = NULL;

	paragraph_append(paragraph, text, 0, 0, WIDTH - strlen("# "));
	lines = g_strsplit(g_strchomp(paragraph->str), "\n", -1);
	for (char **line = lines; *line; line++)
		g_string_append_printf(out, "# %s\n", *line);
}

static void append_key(GString *out, const struct hangup_threshold *threshold, double value)
{
	g_autofree char *comment = g_strdup_printf("(%s, default %.12g) %s", threshold->unit, threshold->value,
	                                           threshold->help);

	append_comment(out, comment);
	g_string_append_printf(out, "%s = %.12g\n", threshold->name, value);
}

/* The same as a key file for --rules-file: help as comments, values as they are now. */
static void append_keys(GString *out, const struct rule_entry *entry)
{
	const struct hangup_rule *rule = entry->rule;

	if (!rule->thresholds_count)
		return;
	g_string_append_printf(out, "%s[%s]\n", out->len ? "\n" : "", rule->name);
	for (uint32_t i = 0; i < rule->thresholds_count; i++)
		append_key(out, &rule->thresholds[i], entry->thresholds[i]);
}

static enum exit_status run_rules(char **arguments)
{
	enum exit_status status;
	struct rule_set *rules = rules_in_force_new(&status);
	g_autoptr(GString) out = g_string_new(NULL);

	(void)arguments;
	if (!rules)
		return status;
	for (size_t i = 0; i < rule_set_len(rules); i++)
		(as_key_file ? append_keys : append_rule)(out, rule_set_entry(rules, i));
	rule_set_free(rules);
	return result_write(out);
}

static const GOptionEntry entries[] = {
	{"keys", 0, 0, G_OPTION_ARG_NONE, &as_key_file,
	 "Print the thresholds as a key file, to edit and give back with --rules-file", NULL},
	{0}
};
static const struct option_section own_section = {"Output", entries};
static const struct option_section *const sections[] = {&own_section, &rules_section, NULL};

const struct command command_rules = {
	.name = "rules",
	.arguments = "",
	.summary = "Lists the rules and their thresholds",
	.help = "Lists the rules in force: what each looks for, the labels it can give, and every threshold with its "
	        "unit, value, default, and the source of the number.",
	.sections = sections,
	.run = run_rules,
};
