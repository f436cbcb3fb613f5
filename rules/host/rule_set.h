/* The rules in force: loaded from folders or linked in, with their thresholds. */
#ifndef RULES_HOST_RULE_SET_H
#define RULES_HOST_RULE_SET_H

#include <stddef.h>

#include <glib.h>

#include <hangup/rule.h>

#define RULE_ERROR rule_error_quark()
GQuark rule_error_quark(void);

enum rule_error {
	RULE_ERROR_FOLDER,    /* no such folder, one that others may write to, or without any rule */
	RULE_ERROR_FILE,      /* a file others may write to, or owned by neither root nor the user */
	RULE_ERROR_LOAD,      /* not a shared object */
	RULE_ERROR_SYMBOL,    /* no `hangup_rule` in it */
	RULE_ERROR_ABI,       /* wrong major, newer minor, short struct */
	RULE_ERROR_DESCRIPTOR,/* the descriptor contradicts itself (no name, no judge, duplicate name) */
	RULE_ERROR_THRESHOLD, /* unknown rule or key, not a number, out of range, or no such key file */
};

/* One rule in force. */
struct rule_entry {
	const struct hangup_rule *rule;
	char *file;         /* where it came from; NULL when linked in */
	double *thresholds; /* in the order of rule->thresholds */
};

struct rule_set;

struct rule_set *rule_set_new(void);
void rule_set_free(struct rule_set *set);

/* Called with the sentence of each plugin that is refused. */
typedef void (*rule_refuse_fn)(const GError *why, void *user);

/* Adds a rule that is linked in (file NULL), or was loaded from `file`; the same file twice is one rule. The
 * descriptor must stay valid as long as the set. */
gboolean rule_set_add(struct rule_set *set, const struct hangup_rule *rule, const char *file, GError **error);
/* Adds thresholds of something that judges no connection (no judge, no labels): listed and set like those of rules, and
 * never asked. The descriptor must stay. */
void rule_set_add_thresholds(struct rule_set *set, const struct hangup_rule *thresholds);
/* Loads one plugin. FALSE and a sentence naming file, what was found and what was wanted. */
gboolean rule_set_add_file(struct rule_set *set, const char *path, GError **error);
/* Loads every plugin of a folder in order of name. A plugin that is refused does not stop the others: refuse (or
 * NULL) is called with its sentence. FALSE only when the folder itself is refused. */
gboolean rule_set_add_folder(struct rule_set *set, const char *path, rule_refuse_fn refuse, void *user,
                             GError **error);
/* Adds the rules that were linked in (HANGUP_BUILTIN_RULES), or those of the install or build folder that the
 * running program belongs to. FALSE when there is no such folder, it is refused, or nothing in it is a rule. */
gboolean rule_set_add_default(struct rule_set *set, rule_refuse_fn refuse, void *user, GError **error);

/* Thresholds: a key file ([rule-name] / key = number) and single "RULE.KEY=VALUE" settings; later wins. */
gboolean rule_set_load_key_file(struct rule_set *set, const char *path, GError **error);
gboolean rule_set_override(struct rule_set *set, const char *setting, GError **error);

/* Every rule in force. The first is the engine itself: it has thresholds of its own ([engine]), and the last word
 * when no rule claims anything. */
size_t rule_set_len(const struct rule_set *set);
const struct rule_entry *rule_set_entry(const struct rule_set *set, size_t index);
/* NULL when there is none of that name. */
const struct rule_entry *rule_set_find(const struct rule_set *set, const char *name);

#endif
