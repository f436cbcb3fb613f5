#include "cli/rules_in_force.h"

#include "cli/diagnostic.h"
#include "report/incidents/incident_rule.h"

static char **folders;
static char **key_files;
static char **settings;

static const GOptionEntry entries[] = {
	{"rules", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &folders,
	 "Also load the rules in this folder (repeatable)", "DIR"},
	{"rules-file", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &key_files,
	 "Take thresholds from a key file; \"hangup rules --keys\" prints one to edit", "FILE"},
	{"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &settings,
	 "Set one threshold (repeatable); wins over --rules-file", "RULE.KEY=VALUE"},
	{0}
};
const struct option_section rules_section = {"Rules", entries};

static void say_refused(const GError *why, void *user)
{
	(void)user;
	diagnostic_warning("%s", why->message);
}

static void add_folders(struct rule_set *rules)
{
	for (char **folder = folders; folder && *folder; folder++) {
		g_autoptr(GError) error = NULL;

		if (!rule_set_add_folder(rules, *folder, say_refused, NULL, &error))
			diagnostic_warning("%s", error->message);
	}
}

static gboolean set_thresholds(struct rule_set *rules, GError **error)
{
	for (char **file = key_files; file && *file; file++)
		if (!rule_set_load_key_file(rules, *file, error))
			return FALSE;
	for (char **setting = settings; setting && *setting; setting++)
		if (!rule_set_override(rules, *setting, error))
			return FALSE;
	return TRUE;
}

struct rule_set *rules_in_force_new(enum exit_status *out_status)
{
	struct rule_set *rules = rule_set_new();
	g_autoptr(GError) error = NULL;

	*out_status = EXIT_DONE;
	rule_set_add_thresholds(rules, &incident_rule);
	if (!rule_set_add_default(rules, say_refused, NULL, &error)) {
		*out_status = EXIT_INPUT;
	} else {
		add_folders(rules);
		if (!set_thresholds(rules, &error))
			*out_status = EXIT_USAGE;
	}
	if (*out_status == EXIT_DONE)
		return rules;
	diagnostic_error("%s", error->message);
	rule_set_free(rules);
	return NULL;
}
