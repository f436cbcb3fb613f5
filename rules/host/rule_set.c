/* The list of rules in force. The engine's own entry is always the first, so that its thresholds are listed and set
 * like everybody's, and its name is taken. */
#include "rules/host/rule_set.h"

#include <string.h>

#include "rules/host/descriptor.h"
#include "rules/host/weigh.h"

struct rule_set {
	GPtrArray *entries; /* struct rule_entry, owned */
};

G_DEFINE_QUARK(hangup-rule-error, rule_error)

static struct rule_entry *entry_new(const struct hangup_rule *rule, const char *file)
{
	struct rule_entry *entry = g_new0(struct rule_entry, 1);

	entry->rule = rule;
	entry->file = g_strdup(file);
	entry->thresholds = g_new(double, rule->thresholds_count);
	for (uint32_t i = 0; i < rule->thresholds_count; i++)
		entry->thresholds[i] = rule->thresholds[i].value;
	return entry;
}

static void entry_free(void *data)
{
	struct rule_entry *entry = data;

	g_free(entry->file);
	g_free(entry->thresholds);
	g_free(entry);
}

struct rule_set *rule_set_new(void)
{
	struct rule_set *set = g_new0(struct rule_set, 1);

	set->entries = g_ptr_array_new_with_free_func(entry_free);
	g_ptr_array_add(set->entries, entry_new(&engine_rule, NULL));
	return set;
}

void rule_set_free(struct rule_set *set)
{
	if (set == NULL)
		return;
	g_ptr_array_unref(set->entries);
	g_free(set);
}

size_t rule_set_len(const struct rule_set *set)
{
	return set->entries->len;
}

const struct rule_entry *rule_set_entry(const struct rule_set *set, size_t index)
{
	g_assert(index < set->entries->len);
	return set->entries->pdata[index];
}

const struct rule_entry *rule_set_find(const struct rule_set *set, const char *name)
{
	for (size_t i = 0; i < rule_set_len(set); i++) {
		const struct rule_entry *entry = rule_set_entry(set, i);

		if (strcmp(entry->rule->name, name) == 0)
			return entry;
	}
	return NULL;
}

void rule_set_add_thresholds(struct rule_set *set, const struct hangup_rule *thresholds)
{
	g_assert(thresholds->judge == NULL && thresholds->labels == 0 && rule_set_find(set, thresholds->name) == NULL);
	g_ptr_array_add(set->entries, entry_new(thresholds, NULL));
}

gboolean rule_set_add(struct rule_set *set, const struct hangup_rule *rule, const char *file, GError **error)
{
	const char *from = file != NULL ? file : "built in";

	if (!descriptor_check(rule, from, error))
		return FALSE;
	const struct rule_entry *same = rule_set_find(set, rule->name);
	if (same == NULL) {
		g_ptr_array_add(set->entries, entry_new(rule, file));
		return TRUE;
	}
	if (file != NULL && g_strcmp0(same->file, file) == 0)
		return TRUE;
	g_set_error(error, RULE_ERROR, RULE_ERROR_DESCRIPTOR, "%s: rule %s is already there, from %s; rename one", from,
	            rule->name, same->file != NULL ? same->file : "hangup itself");
	return FALSE;
}
