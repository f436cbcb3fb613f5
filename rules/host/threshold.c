/* What the user sets: a key file, and single settings from the command line. Both end in threshold_set(). */
#include "rules/host/rule_set.h"

#include <string.h>

#include "rules/host/descriptor.h"

static char *rule_names(const struct rule_set *set)
{
	GString *names = g_string_new(NULL);

	for (size_t i = 0; i < rule_set_len(set); i++)
		g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", rule_set_entry(set, i)->rule->name);
	return g_string_free(names, FALSE);
}

static char *threshold_names(const struct hangup_rule *rule)
{
	GString *names = g_string_new(NULL);

	for (uint32_t i = 0; i < rule->thresholds_count; i++)
		g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", rule->thresholds[i].name);
	return g_string_free(names, FALSE);
}

static const struct rule_entry *find_rule(const struct rule_set *set, const char *name, GError **error)
{
	const struct rule_entry *entry = rule_set_find(set, name);

	if (entry == NULL) {
		g_autofree char *names = rule_names(set);

		g_set_error(error, RULE_ERROR, RULE_ERROR_THRESHOLD, "no rule is named \"%s\"; there are %s", name, names);
	}
	return entry;
}

/* The key's place in the list of the rule, or its length. */
static uint32_t find_threshold(const struct hangup_rule *rule, const char *key, GError **error)
{
	for (uint32_t i = 0; i < rule->thresholds_count; i++) {
		if (strcmp(rule->thresholds[i].name, key) == 0)
			return i;
	}
	g_autofree char *names = threshold_names(rule);
	g_set_error(error, RULE_ERROR, RULE_ERROR_THRESHOLD, "rule %s has no threshold \"%s\"; it has %s", rule->name, key,
	            rule->thresholds_count > 0 ? names : "none");
	return rule->thresholds_count;
}

static gboolean parse_number(const char *text, double *out_value, GError **error)
{
	char *end = NULL;

	*out_value = g_ascii_strtod(text, &end);
	if (end != text && *end == '\0')
		return TRUE;
	g_set_error(error, RULE_ERROR, RULE_ERROR_THRESHOLD, "\"%s\" is not a number", text);
	return FALSE;
}

static gboolean threshold_set(struct rule_set *set, const char *rule_name, const char *key, const char *text,
                              GError **error)
{
	const struct rule_entry *entry = find_rule(set, rule_name, error);
	double value;

	if (entry == NULL)
		return FALSE;
	const uint32_t index = find_threshold(entry->rule, key, error);
	if (index == entry->rule->thresholds_count || !parse_number(text, &value, error))
		return FALSE;
	const char *complaint = threshold_complaint(&entry->rule->thresholds[index], value);
	if (complaint != NULL) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_THRESHOLD, "%s is out of range: %s", text, complaint);
		return FALSE;
	}
	entry->thresholds[index] = value;
	return TRUE;
}

gboolean rule_set_override(struct rule_set *set, const char *setting, GError **error)
{
	const char *dot = strchr(setting, '.');
	const char *equals = dot != NULL ? strchr(dot, '=') : NULL;

	if (equals == NULL) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_THRESHOLD, "\"%s\" is not of the form RULE.KEY=VALUE", setting);
		return FALSE;
	}
	g_autofree char *rule_name = g_strndup(setting, (gsize)(dot - setting));
	g_autofree char *key = g_strndup(dot + 1, (gsize)(equals - dot - 1));
	if (threshold_set(set, rule_name, key, equals + 1, error))
		return TRUE;
	g_prefix_error(error, "%s: ", setting);
	return FALSE;
}

static gboolean load_group(struct rule_set *set, GKeyFile *file, const char *group, GError **error)
{
	g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, error);

	if (keys == NULL || find_rule(set, group, error) == NULL)
		return FALSE;
	for (char **key = keys; *key != NULL; key++) {
		g_autofree char *value = g_key_file_get_value(file, group, *key, error);

		if (value == NULL || !threshold_set(set, group, *key, g_strstrip(value), error)) {
			g_prefix_error(error, "%s: ", *key);
			return FALSE;
		}
	}
	return TRUE;
}

gboolean rule_set_load_key_file(struct rule_set *set, const char *path, GError **error)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) why = NULL;

	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &why)) {
		g_set_error(error, RULE_ERROR, RULE_ERROR_THRESHOLD, "%s: %s", path, why->message);
		return FALSE;
	}
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
	for (char **group = groups; *group != NULL; group++) {
		if (!load_group(set, file, *group, error)) {
			g_prefix_error(error, "%s: [%s] ", path, *group);
			return FALSE;
		}
	}
	return TRUE;
}
